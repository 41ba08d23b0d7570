import type { BodyFormat } from '../generated/BodyFormat';
import type { Comment } from '../generated/Comment';
import type { CommentSample } from '../generated/CommentSample';
import type { Status } from '../generated/Status';

/** One comment as a thread shows it, whether it is still in the file or stored already. */
export type ThreadItem = {
  id: string;
  /** A root is 1. */
  depth: number;
  author: string | null;
  createdAt: string | null;
  status: Status;
  body: string | null;
  bodyFormat: BodyFormat;
  /** It answers another comment. */
  isReply: boolean;
  /** Who that is by, where the other comment is shown and has a name. */
  replyTo: string | null;
};

export function itemsOfSample(comments: readonly CommentSample[]): ThreadItem[] {
  const authors = new Map(comments.map((comment) => [comment.source_id, comment.author]));
  return comments.map((comment) => ({
    id: comment.source_id,
    depth: comment.depth,
    author: comment.author,
    createdAt: comment.created_at,
    status: comment.status,
    body: comment.body,
    bodyFormat: comment.body_format,
    isReply: comment.parent !== null,
    replyTo: comment.parent === null ? null : (authors.get(comment.parent) ?? null),
  }));
}

export function itemsOfStored(comments: readonly Comment[]): ThreadItem[] {
  const authors = new Map(comments.map((comment) => [comment.id, comment.author]));
  return comments.map((comment) => ({
    id: String(comment.id),
    depth: comment.depth,
    author: comment.author,
    createdAt: comment.created_at,
    status: comment.status,
    body: comment.body,
    bodyFormat: comment.body_format,
    isReply: comment.parent_id !== null,
    replyTo: comment.parent_id === null ? null : (authors.get(comment.parent_id) ?? null),
  }));
}

/** Cuts a list of comments into threads: each begins with a comment of depth 1. */
export function splitThreads(items: readonly ThreadItem[]): ThreadItem[][] {
  const threads: ThreadItem[][] = [];
  for (const item of items) {
    const thread = threads.at(-1);
    if (item.depth > 1 && thread) thread.push(item);
    else threads.push([item]);
  }
  return threads;
}
