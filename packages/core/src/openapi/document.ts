// The parts of an OpenAPI 3.1 document that are used here, and nothing of the rest.

export interface OpenApiReference {
  $ref: string
}

/** JSON Schema 2020-12, as far as error bodies need it. */
export interface OpenApiSchema {
  type?: 'object' | 'string' | 'integer'
  description?: string
  properties?: Record<string, OpenApiSchema>
  required?: string[]
  anyOf?: OpenApiSchema[]
  additionalProperties?: boolean
  pattern?: string
  format?: string
  minimum?: number
  maximum?: number
  const?: string
  examples?: (string | number)[]
}

export interface OpenApiHeader {
  description: string
  schema: OpenApiSchema
}

export interface OpenApiExample {
  summary: string
  value: object | string
}

export interface OpenApiMediaType {
  schema: OpenApiSchema | OpenApiReference
  examples?: Record<string, OpenApiExample>
}

export interface OpenApiResponse {
  description: string
  headers: Record<string, OpenApiReference>
  content: Record<string, OpenApiMediaType>
}

/** What goes under `components` of a document. */
export interface OpenApiComponents {
  schemas: Record<string, OpenApiSchema>
  headers: Record<string, OpenApiHeader>
  responses: Record<string, OpenApiResponse>
}
