/** The questions and answers of risk: limits, controls, checks and decisions. */
@NullMarked
package sluice.domain.risk;

import org.jspecify.annotations.NullMarked;
