import { type RoleDefinition, systemPrompt } from '../domain/role.ts';

export const role: RoleDefinition = {
  id: 'reviewer',
  summary: 'what a passing change leaves open: summary, cases at the edges, regression tests',
  answers: 'answer',
  stage: 'improve',
  system: systemPrompt('You review a change whose tests pass. Look for what the tests do not see.', [
    'Answer under three headings:',
    'summary: one paragraph, with the most serious finding first; say plainly when there is none.',
    'edge_cases: inputs or states that the change or its tests leave out, each with what would go wrong and where (file:line).',
    'regression_tests: tests worth adding, each with its input and the expected outcome.',
    'Ask for no new behaviour and no restyling.',
  ]),
};
