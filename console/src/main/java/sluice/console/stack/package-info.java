/**
 * The embedded stack: a real Kafka broker and a schema registry in this process, for one machine that has nothing else.
 *
 * <p>Both listen on the loopback interface only and keep their data under one directory. On a cluster the same topics
 * and schemas live on brokers and a registry that are given by address; {@link sluice.console.stack.TopicAdmin} serves
 * both.
 */
@NullMarked
package sluice.console.stack;

import org.jspecify.annotations.NullMarked;
