/**
 * Every topic once: what it is called, what its keys and values are, how long it is kept and who may write to it.
 *
 * <p>Data only. Nothing here talks to a broker; whoever creates or checks topics asks {@link sluice.topics.Topics}.
 */
@NullMarked
package sluice.topics;

import org.jspecify.annotations.NullMarked;
