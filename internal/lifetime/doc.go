// Package lifetime counts how long things last and why they end: deals from their creation to won or lost, visits of a
// stage, customers from their first order to the last.
//
// A [Histogram] holds, for each whole tick of age, how many lifetimes came under observation and how many ended, by cause.
// That is all that the estimators of survival analysis read, so a histogram stands for its lifetimes without loss: it grows
// with the number of different ages, not with the number of lifetimes, and histograms of parts (days, regions, machines)
// merge into the histogram of the whole, in any order, exactly.
//
//	var h lifetime.Histogram
//	h.Add(0, 57, won)                // at risk at ages 0 to 57, then won
//	h.Add(0, 14, lost)
//	h.Add(31, 90, lifetime.Censored) // came into view at age 31, was still open at 90
//	curve := h.Incidence(won)        // the Aalen-Johansen estimate
//
// The estimators yield a [Step] for each tick at which something happens: [Histogram.Survival] (Kaplan-Meier),
// [Histogram.AalenJohansen], [Histogram.Hazard]; [Histogram.RestrictedMean] and [Histogram.TimeLost] are areas under them. A
// [Scale] makes confidence limits of their standard errors, and [Histogram.Extent] says how far they may be believed.
//
// Estimates assume what the estimators do: that those who come late or leave early are no different from the others of
// their age.
package lifetime
