import { z } from '@hono/zod-openapi';
import { workspaceKinds } from '../../domain/workspace/folder.ts';

const which = {
  kind: z.enum(workspaceKinds).openapi({ description: 'What it is; of `campaign`, `form` and `segment` there are many' }),
  key: z.string().min(1).max(100).openapi({ description: '`default` for what there is only one of', example: 'default' }),
};

export const documentSchema = z
  .object({ ...which, body: z.unknown().openapi({ description: 'As it stands in its file' }) })
  .openapi('WorkspaceDocument');

export const pushedSchema = z
  .object({
    ok: z.boolean().openapi({ description: 'False when there is an error: then nothing may be stored' }),
    stored: z.boolean(),
    changes: z.array(z.object({ ...which, change: z.enum(['added', 'changed', 'same']) })),
    findings: z.array(
      z.object({
        ...which,
        level: z.enum(['error', 'warning']),
        path: z.string().openapi({ description: 'Where in the document, dotted' }),
        reason: z.string(),
        mend: z.string(),
      }),
    ),
  })
  .openapi('PushedDocuments');
