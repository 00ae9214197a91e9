/**
 * Durable, observable units of long work.
 *
 * <p>A feature declares an {@link OperationType}: a list of named, idempotent {@link Step}s. {@link Operations#submit} writes
 * the operation in the caller's transaction; the engine runs it on any controller, journals each finished step (a brief one
 * with the next), and after a crash resumes at the first step that is not journaled. A failure or a cancellation undoes the journaled steps (and the
 * one that was under way), newest first. Operations with the same queue key run one after another, in order of submission.
 */
@NullMarked
package dev.berth.operation;

import org.jspecify.annotations.NullMarked;
