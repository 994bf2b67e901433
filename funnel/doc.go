// Package funnel answers where deals stall: how many reach each stage, how long they stay, what becomes of them and
// when, which stages and people are slower than others, and how the pipeline moved.
//
//	stages, err := funnel.NewPipeline(funnel.Stage{Key: "Qualify"}, funnel.Stage{Key: "Propose"},
//		funnel.Stage{Key: "Won", End: funnel.Won}, funnel.Stage{Key: "Lost", End: funnel.Lost})
//	view := funnel.View{Pipeline: stages, AsOf: today}
//	var flow funnel.Flow
//	for _, deal := range deals {
//		err := flow.Add(view, deal)
//	}
//	c, err := flow.Conversion("Qualify", "Propose", funnel.Visited)
//	fmt.Println(c.Least(), c.Most(), c.Pending)  // open deals are neither converted nor lost
//
//	times, err := flow.Times("Propose")
//	curve, err := times.Incidence(funnel.Advanced, funnel.CI{})
//	p := curve.At(30)                            // the share that has advanced by day 30, with its interval
//
// # Accumulators
//
// Everything is counted in accumulators: [Flow], [Lifetimes], [Triangle], [Graph], [Variants], [Counts], [Breakdown],
// [Retention], [Movement], [Slice] and [Durations]. They are exact, so that the order of what is added never shows, and the figures
// are functions of them. Their zero value holds nothing. Merge adds what another one holds, and Sub takes it away again, so
// the same code runs over a slice, a stream, a sliding window, the shards of a database, or the combiner of a distributed
// engine. What holds open deals is as of one time: count these anew as they move on. All encode in binary and JSON, equal
// contents to equal bytes; decoding takes nothing on trust.
//
// # Open deals
//
// A deal that is still open is not a deal that was lost, and what was lost did not just stop being watched. A conversion is a
// [Share], with those pending beside those that reached it. A win chance is a curve over age, in which lost deals compete
// ([Lifetimes.Incidence]) and open ones are censored, and it says up to what age there is anything to see. Cohorts that are too
// young for an age have no figure for it ([Triangle]).
//
// # Entry points
//
//	NewPipeline, View, Flow            stages, visits, conversion, drop-off, rework
//	Flow.Chain, Chain.Absorb           win chance from each stage, expected visits and time
//	Lifetimes, Curve                   Kaplan-Meier, Nelson-Aalen, Aalen-Johansen, restricted means, quantiles
//	LogRank, StratifiedLogRank, Gray   do groups differ in speed, or in what they come to?
//	Triangle                           cohorts by age, those too young masked
//	Graph, Variants                    any event log: what follows what, ways, rework
//	Deepest, Matcher                   how far one entity came through a funnel of events
//	Stream, MatchRows                  the same of a million, in order of time or not
//	Counts, Breakdown, Slice           over entities, by group, over slices of time
//	Retention, CompileSequence         who came back; patterns of events
//	Classify, Compare                  movement of the pipeline between two days
//	Bottlenecks, Ageing, CompareReps   what is slow, or worse than elsewhere, beyond chance
//
// # Where the field disagrees
//
// docs/semantics-funnel.md lists the readings: stages jumped over, moves back, what starts a conversion window, events of
// the same time, what a pushed deal is. Each choice is an option with a name, and its default is said.
//
// # Limits of input
//
// A pipeline has at most 100 stages, a funnel of events at most 32 steps, lifetimes at most 32 exits and 1,048,575 ticks.
// Decimals must have an exponent within ±18 and at most 36 digits. Amounts of different currencies never meet. Functions do
// not keep or change their arguments and read no clock; all but accumulators, [Matcher] and [Stream] are safe for concurrent
// use.
//
// # Errors
//
// Every error wraps [ErrInput], [ErrMismatch], [ErrUndefined] or [ErrEncoding] and is, or joins, [*Error] values, which name
// the record and the path of the value and say how to mend it. Nothing panics on data.
package funnel
