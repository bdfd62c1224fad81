import { completable, type GetPromptResult, type McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { PNG } from './media.ts';

type Content = GetPromptResult['messages'][number]['content'];
const saying = (...contents: Content[]): GetPromptResult => ({
  messages: contents.map((content) => ({ role: 'user', content })),
});

/** Prompts of every form; the arguments of one can be completed. */
export function addPromptFixtures(server: McpServer): void {
  server.registerPrompt('test_simple_prompt', { description: 'simple' }, () =>
    saying({ type: 'text', text: 'This is a simple prompt for testing.' }),
  );
  const city = completable(z.string().describe('First test argument'), (begun) =>
    ['paris', 'park', 'party'].filter((word) => word.startsWith(begun)),
  );
  const argsSchema = z.object({ arg1: city, arg2: z.string().describe('Second test argument') });
  server.registerPrompt('test_prompt_with_arguments', { description: 'with arguments', argsSchema }, ({ arg1, arg2 }) =>
    saying({ type: 'text', text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` }),
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'with a resource', argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri: uri }) =>
      saying(
        {
          type: 'resource',
          resource: { uri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
        },
        { type: 'text', text: 'Please process the embedded resource above.' },
      ),
  );
  server.registerPrompt('test_prompt_with_image', { description: 'with an image' }, () =>
    saying(
      { type: 'image', data: PNG, mimeType: 'image/png' },
      { type: 'text', text: 'Please analyze the image above.' },
    ),
  );
}
