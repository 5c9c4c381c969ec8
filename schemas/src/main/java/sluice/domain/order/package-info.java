/** The life of an order: what was asked, what the venue said, what was traded. */
@NullMarked
package sluice.domain.order;

import org.jspecify.annotations.NullMarked;
