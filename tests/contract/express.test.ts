import express, { type Express, type Router } from 'express'
import express4 from 'express4'
import { expressAdapter } from './express.js'
import { describeContract } from './suite/describe-contract.js'

/** What the wiring uses is the same in both majors, their types are not. */
const asExpress5 = (module: object): { (): Express; Router(): Router } =>
  Object.assign(module) as { (): Express; Router(): Router }

describeContract(expressAdapter('Express 5', express))
describeContract(expressAdapter('Express 4', asExpress5(express4)))
