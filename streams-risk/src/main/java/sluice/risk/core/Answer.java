package sluice.risk.core;

import sluice.domain.risk.Verdict;

/**
 * The first answer to an intent.
 *
 * @param payloadHash what was asked; another hash under the same intent is a conflict
 */
public record Answer(String payloadHash, long sequence, Verdict verdict, String code) {}
