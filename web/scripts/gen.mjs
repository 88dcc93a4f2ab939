// Writes the API's types from openapi.json: only the shapes; how each is asked for stands in src/api.
import { readFileSync, writeFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'

const { openapi, info, components } = JSON.parse(readFileSync('openapi.json', 'utf8'))
const types = await openapiTS(
  { openapi, info, paths: {}, components: { schemas: components.schemas } },
  { alphabetize: true },
)
writeFileSync(
  'src/api/generated.ts',
  `// Made by \`npm run gen\` from openapi.json; never edited.\n${astToString(types)}`,
)
