import { need, versionOf } from '../programs.mjs'
import { launch, write } from './kit.mjs'

export const nginx = (buffering) => ({
  name: buffering ? 'nginx' : 'nginx, unbuffered',
  async prepare() {
    const program = need('nginx', 'nginx')
    return { program, version: await versionOf(program, '-v') }
  },
  start({ program, folder, port, upstream }) {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${folder}/${name};`)
      .join('\n  ')
    const config = write(
      folder,
      'nginx.conf',
      `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
events {}
http {
  access_log off; client_max_body_size 0;
  ${temporary}
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${upstream};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_request_buffering ${buffering ? 'on' : 'off'};
    }
  }
}
`,
    )
    return launch({ program, args: ['-p', folder, '-c', config], port, folder })
  },
})
