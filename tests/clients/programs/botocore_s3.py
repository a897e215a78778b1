# put_object of botocore, on which boto3 and the AWS command line stand. It asks by itself.
import json
import sys
from urllib.parse import urlsplit

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

url, file = sys.argv[1:3]
parts = urlsplit(url)
_, bucket, key = parts.path.split('/')
client = botocore.session.get_session().create_client(
    's3',
    endpoint_url=f'{parts.scheme}://{parts.netloc}',
    region_name='eu-central-1',
    aws_access_key_id='id',
    aws_secret_access_key='secret',
    config=Config(s3={'addressing_style': 'path'}, retries={'total_max_attempts': 1}),
)
try:
    with open(file, 'rb') as body:
        answer = client.put_object(Bucket=bucket, Key=key, Body=body)
    status, seen = answer['ResponseMetadata']['HTTPStatusCode'], 'ok'
except ClientError as error:
    status = error.response['ResponseMetadata']['HTTPStatusCode']
    seen = error.response['Error']['Code']
except Exception as error:
    status, seen = 0, type(error).__name__
print(json.dumps({'status': status, 'seen': seen}))
