import {
  type jsonSchemaValidator,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import { VERSION } from '../app/version.ts';
import { MaestroError } from '../domain/errors.ts';
import { callTool } from './call-tool.ts';
import type { Face } from './face.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { asStandardSchema, inputSchemaOf, outputSchemaOf } from './json-schema.ts';
import { LISTINGS } from './listings.ts';
import type { Prompt } from './prompt.ts';
import type { ResourceDefinition } from './resource.ts';
import type { Surface } from './surface.ts';
import type { Tool } from './tool.ts';

/** Lists never change while a process lives. */
const CACHED = { ttlMs: 300_000, cacheScope: 'public' } as const;

/** What a person's form holds is checked where it is read: the SDK's own validator would cost a third of the start. */
const UNCHECKED: jsonSchemaValidator = {
  getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
};

/** A server for one connection (or one HTTP request), of either era, over the operations that the face holds. */
export function build(face: Face, { tools, prompts, resources }: Surface): McpServer {
  const server = new McpServer(
    { name: 'maestro', title: 'Maestro', version: VERSION },
    {
      instructions: INSTRUCTIONS,
      jsonSchemaValidator: UNCHECKED,
      capabilities: {
        tools: { listChanged: false },
        prompts: { listChanged: false },
        resources: { listChanged: false },
      },
      cacheHints: {
        'tools/list': CACHED,
        'prompts/list': CACHED,
        'resources/list': CACHED,
        'resources/templates/list': CACHED,
      },
    },
  );
  for (const tool of tools) addTool(server, tool, face);
  for (const prompt of prompts) addPrompt(server, prompt);
  for (const resource of resources) addResource(server, resource, face);
  return server;
}

function addTool(server: McpServer, tool: Tool, face: Face): void {
  const { name, title, description, annotations, input, output } = tool;
  server.registerTool(
    name,
    {
      title,
      description,
      annotations: { title, ...annotations },
      inputSchema: asStandardSchema(() => LISTINGS[name]?.input ?? inputSchemaOf(input())),
      outputSchema: asStandardSchema(() => LISTINGS[name]?.output ?? outputSchemaOf(output())),
    },
    (sent, ctx) => callTool(tool, sent, { face, server, ctx }),
  );
}

function addPrompt(server: McpServer, { name, title, description, args, text }: Prompt): void {
  const argsSchema = asStandardSchema(
    () => inputSchemaOf(args()),
    (given) => args()['~standard'].validate(given),
  );
  server.registerPrompt(name, { title, description, argsSchema }, (given) => ({
    description,
    messages: [{ role: 'user', content: { type: 'text', text: text(given as Record<string, unknown>) } }],
  }));
}

/** What is asked for is not there; anything else that fails is said. */
const NAMES_NOTHING: readonly string[] = ['usage', 'workspace_missing'];

function addResource(server: McpServer, resource: ResourceDefinition, face: Face): void {
  const { name, title, description, address, mimeType, ids } = resource;
  const list = async () => ({
    resources: ids.map((id) => ({ uri: address.replace('{id}', id), name: `${name} ${id}` })),
  });
  const template = new ResourceTemplate(address, { list });
  server.registerResource(name, template, { title, description, mimeType }, async (uri, { id }, ctx) => {
    const text = await resource.read(String(id), face, ctx.mcpReq.signal).catch((error: unknown) => {
      if (!(error instanceof MaestroError)) throw error;
      if (NAMES_NOTHING.includes(error.code)) return null;
      throw new ProtocolError(
        ProtocolErrorCode.InternalError,
        `${error.code}: ${error.message}\nWhat to do: ${error.remedy}`,
      );
    });
    if (text === null) throw new ResourceNotFoundError(uri.href);
    return { contents: [{ uri: uri.href, mimeType, text }] };
  });
}
