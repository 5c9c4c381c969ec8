/** What is known of a market: its book, its rules, what it charges and what it pays. */
@NullMarked
package sluice.domain.market;

import org.jspecify.annotations.NullMarked;
