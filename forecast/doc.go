// Package forecast answers what a team will close: the pipeline by category and
// weight, the calls of reps and managers, what the period will bring with its range
// and the chance of quota, and how good past calls were.
//
//	s, err := forecast.Summarize(deals, forecast.Query{Period: quarter, Weight: forecast.ByStage(chances)})
//	fmt.Println(s.Commit.Amount, s.Open().Weighted)   // exact: teams add up to the company
//
//	clock, err := forecast.FitCloseClock(deals, seen, forecast.CloseClockOptions{}) // when deals close
//	inflow, err := forecast.MeasureInflow(deals, last90Days)                        // deals still to come
//	p, err := forecast.Project(deals, quarter, today, clock.Closing(""), forecast.ProjectOptions{Inflow: inflow})
//	total, err := p.Total(forecast.TotalOptions{})
//	low, high, err := total.Interval(0.8)
//	chance := total.AtLeast(quota)
//
// # Model
//
// A [Deal] is an opportunity as the CRM holds it on some day, and a [Snapshot] is
// all of them. Three layers stand on them, and each is of use without the others:
//
//   - money that must tie out: columns, weights, roll-ups with overrides, bridges,
//     coverage, pace. Exact decimals; nothing is rounded that has to add up
//   - chances: win rates shrunk to their group, close curves in which open deals are
//     undecided and not forgotten, the distribution of a total, calibration. Estimates
//     are float64, and come with an interval or a stated bound
//   - judgement: what people called, beside what came of it
//
// The border between the two kinds of number is crossed in named places: amounts
// become floats where variances are computed, and estimates become money in
// [Project], [CallBias.Apply] and the quantiles of a [Total], rounded to places that
// the caller gives or to a stated grid.
//
// # Entry points
//
//	Summarize, SummarizeBy                    the columns of the forecast, weighted or not
//	ByStage, ByCategory, ByDeal, Convert      weights; one currency
//	RollUp                                    a hierarchy with overrides, both numbers kept
//	Compare                                   the bridge from one snapshot to the next
//	Coverage, QuotaCoverage, RequiredWinRate, Gap, PipelineNeeded
//	MeasurePace, Rhythm, MeasureLinearity     against the same point of past periods
//	Allocate                                  a total by shares, to the cent
//	TallyBy, WinRates, FitPrior               win rates with credible intervals
//	AgeSpells, PeriodSpells, FitCloseCurve    when deals close, by age or day of the period
//	FitCloseClock                             by age and by the rhythm of the quarter
//	MeasureInflow, Project, Rewind            closed + open + still to be created
//	NewTotal, FitCorrelation                  the range of a total, exact or on a grid
//	CallAccuracy, FitCallBias                 calls week by week, and who leans which way
//	Brier, LogLoss, Decompose, Reliability    are the probabilities right?
//	FitPlatt, FitIsotonic                     and if not
//
// # Why not win rate times pipeline
//
// A stage's win rate says whether a deal will be won, not when. On a public CRM
// export, win rate times open pipeline over-forecasts the next month by 211 per
// cent. A curve of chances by age with create-and-close misses months by 26 to 33 per
// cent of what they bring, over and under, and by 16 to 20 when it knows the rhythm of
// the quarter. docs/projection.md has the backtest, and how far to trust it.
//
// # Where the field disagrees
//
// docs/semantics-forecast.md lists the readings: which columns include what is
// closed, what an override replaces, three figures called coverage, two called
// accuracy, the sign of bias. Each disputed figure has its own name here.
//
// # Limits of input
//
// Every decimal must have an exponent within ±18 and at most 36 digits, written out.
// Amounts of different currencies never meet. Functions do not keep or change their arguments,
// read no clock and have no state, so everything is safe for concurrent use.
//
// # Errors
//
// Every error wraps [ErrInput], [ErrHierarchy], [ErrUndefined] or [ErrTooLarge] and
// is, or joins, [*Error] values, which name the record and the path of the value and
// say how to mend it. Nothing panics on data.
//
// Package forecast/series forecasts plain series of numbers; it knows nothing of deals.
package forecast
