// Both majors of Express. What is used here is the same in both, their types are not.
import express, { type Express, type Router } from 'express'
import express4 from 'express4'

export interface Module {
  (): Express
  Router(): Router
}

export const majors: readonly (readonly [string, Module])[] = [
  ['Express 5', express],
  ['Express 4', Object.assign(express4) as unknown as Module],
]
