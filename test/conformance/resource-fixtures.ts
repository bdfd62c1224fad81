import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { PNG } from './media.ts';

/** Resources of every form, and subscriptions of the 2025 era. */
export function addResourceFixtures(server: McpServer): void {
  for (const [name, text] of [
    ['static-text', 'This is the content of the static text resource.'],
    ['watched-resource', 'Nothing has happened yet.'],
  ] as const)
    server.registerResource(
      name,
      `test://${name}`,
      { description: name, mimeType: 'text/plain' },
      async ({ href }) => ({ contents: [{ uri: href, mimeType: 'text/plain', text }] }),
    );
  server.registerResource(
    'static-binary',
    'test://static-binary',
    { description: 'one pixel', mimeType: 'image/png' },
    async ({ href }) => ({ contents: [{ uri: href, mimeType: 'image/png', blob: PNG }] }),
  );
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined });
  server.registerResource('template', template, { description: 'by id' }, async ({ href }, { id }) => {
    const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
    return { contents: [{ uri: href, mimeType: 'application/json', text }] };
  });
  server.server.setRequestHandler('resources/subscribe', () => ({}));
  server.server.setRequestHandler('resources/unsubscribe', () => ({}));
}
