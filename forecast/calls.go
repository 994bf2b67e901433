package forecast

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Call is a number that somebody submitted as the forecast of a period: a rep for the own deals, a manager for a team.
type Call struct {
	// By is who called: a rep, or a node of the roll-up.
	By string `json:"by"`
	// Period is what the call is for.
	Period salesops.Period `json:"period"`
	// AsOf is the day of the call.
	AsOf salesops.Date `json:"asOf"`
	// Amount is the number called.
	Amount decimal.Decimal `json:"amount"`
}

// Outcome is what a period came to in the end.
type Outcome struct {
	// By is whose outcome it is, as in [Call].
	By string `json:"by"`
	// Period is the period, equal to that of the calls for it.
	Period salesops.Period `json:"period"`
	// Amount is what was closed.
	Amount decimal.Decimal `json:"amount"`
}

// CallOptions are the options of [CallAccuracy].
type CallOptions struct {
	// Weeks is how many weeks before the end of a period the table begins, at most 520; 0 means 13, the weeks of a quarter.
	Weeks int `json:"weeks,omitempty"`
}

// CallReport says how good calls were.
//
// The sign of errors is that of sales: called - actual, positive when the call was too high. (Statistics has it the other
// way round: the mean percentage error of the textbooks is positive when the forecast was too low.)
type CallReport struct {
	// Rows is the table by week: those of everybody together, with an empty By, and then those of each By in alphabetical
	// order; the earliest week first. A week at which nobody had called has no row.
	Rows []CallRow `json:"rows"`
	// Calls are the calls made by the end of their period that have an outcome, in the order of the input.
	Calls []ScoredCall `json:"calls"`
	// Uncalled are the outcomes without a call before the period was over, in the order of the input.
	Uncalled []Outcome `json:"uncalled,omitempty"`
	// Pending is the number of calls that have no outcome yet. They count nowhere else.
	Pending int `json:"pending"`
	// Late is the number of calls made after their period was over. They are no forecasts, and count nowhere else.
	Late int `json:"late"`
}

// CallRow is how good the calls were that stood some weeks before the end of the period, over all periods with an outcome.
//
// The call that stands at a point is the last one made by then; of several on one day, the last in the input.
type CallRow struct {
	// By is whose calls these are; "" is everybody's. Where the list holds the calls of reps and of their managers, everybody
	// counts the same deals twice.
	By string `json:"by,omitempty"`
	// WeeksOut is the number of weeks before the end of the period: 0 is the end of its last day, 1 that of the day seven
	// days before. It may lie before the start of the period.
	WeeksOut int `json:"weeksOut"`
	// Periods is the number of outcomes for which a call stood.
	Periods int `json:"periods"`
	// Missing is the number of outcomes for which none did. Compare rows with different Missing with care.
	Missing int `json:"missing"`
	// Called is the sum of the calls.
	Called decimal.Decimal `json:"called"`
	// Actual is the sum of the outcomes of the same periods.
	Actual decimal.Decimal `json:"actual"`
	// AbsError is the sum of the sizes of the errors.
	AbsError decimal.Decimal `json:"absError"`
	// WAPE is the weighted absolute percentage error: AbsError over the sum of the sizes of the outcomes, 0.1 for 10 %,
	// rounded to 6 decimals. It is nil when all outcomes are 0. It may exceed 1.
	WAPE *decimal.Decimal `json:"wape,omitempty"`
	// Bias is (Called - Actual) / |Actual|, rounded to 6 decimals: positive when calls are too high. It is nil when Actual is 0.
	Bias *decimal.Decimal `json:"bias,omitempty"`
	// Age is how many days old the standing calls were on average, rounded to 6 decimals: 0 when all were made on the day.
	Age decimal.Decimal `json:"age"`
	// Oldest is the age in days of the oldest of them.
	Oldest int `json:"oldest"`
}

// ScoredCall is a call beside what came of it.
type ScoredCall struct {
	// Call is the call.
	Call Call `json:"call"`
	// WeeksOut is the number of whole weeks from the call to the end of the period's last day.
	WeeksOut int `json:"weeksOut"`
	// Actual is the outcome.
	Actual decimal.Decimal `json:"actual"`
	// Error is called - actual: positive when the call was too high.
	Error decimal.Decimal `json:"error"`
	// OverActual is [AccuracyOverActual], nil when it is undefined.
	OverActual *decimal.Decimal `json:"overActual,omitempty"`
	// OverForecast is [AccuracyOverForecast], nil when it is undefined.
	OverForecast *decimal.Decimal `json:"overForecast,omitempty"`
}

// AccuracyOverActual returns 1 - |called - actual| / |actual|, rounded half away from zero to 6 decimals: 1 for a call that
// came true, below 0 for one of more than twice the outcome. Calling double and calling nothing both give 0.
//
// AccuracyOverActual returns an error if:
//   - a number is out of bounds ([ErrInput])
//   - actual is 0 ([ErrUndefined])
func AccuracyOverActual(actual, called decimal.Decimal) (decimal.Decimal, error) {
	return accuracy(actual, called, actual, "actual")
}

// AccuracyOverForecast returns 1 - |called - actual| / |called|, rounded half away from zero to 6 decimals. It is in use, and
// forgives calls that are too high: with 100 as the outcome, a call of 200 gets 0.5 and a call of 50 gets 0, where
// [AccuracyOverActual] gives 0 and 0.5.
//
// AccuracyOverForecast returns an error if:
//   - a number is out of bounds ([ErrInput])
//   - called is 0 ([ErrUndefined])
func AccuracyOverForecast(actual, called decimal.Decimal) (decimal.Decimal, error) {
	return accuracy(actual, called, called, "called")
}

func accuracy(actual, called, over decimal.Decimal, path string) (decimal.Decimal, error) {
	var f faults
	f.number("", "actual", actual)
	f.number("", "called", called)
	if err := f.err(); err != nil {
		return decimal.Decimal{}, err
	}
	v := hit(exact.From(called), exact.From(actual), exact.From(over))
	if v == nil {
		return decimal.Decimal{}, undefinedBy(path, over, "has no accuracy in relation to it")
	}
	return *v, nil
}

// hit returns 1 - |called - actual| / |over|, nil when it is undefined.
func hit(called, actual, over exact.Num) *decimal.Decimal {
	if over.IsZero() {
		return nil
	}
	v := quotient(over.Abs().Sub(called.Sub(actual).Abs()), over.Abs())
	return &v
}

// maxWeeks bounds the table: ten years.
const maxWeeks = 520

// CallAccuracy compares calls with outcomes: call by call, and week by week before the end of the periods. It takes
// O(n log n) for n calls and outcomes, and time in proportion to the weeks for each outcome.
//
// CallAccuracy returns an error ([ErrInput]) if:
//   - a call or an outcome has no By, a period that is open at an end or holds no day, or a number out of bounds
//   - a call has no AsOf
//   - there are two outcomes for one period of one By
//   - weeks is not between 0 and 520
func CallAccuracy(calls []Call, outcomes []Outcome, o CallOptions) (CallReport, error) {
	var f faults
	if o.Weeks < 0 || o.Weeks > maxWeeks {
		f.add(ErrInput, "", "weeks", strconv.Itoa(o.Weeks), "must be between 0, for the default, and "+strconv.Itoa(maxWeeks))
	}
	m := f.match(calls, outcomes)
	if err := f.err(); err != nil {
		return CallReport{}, err
	}
	weeks := cmp.Or(o.Weeks, 13)
	out := CallReport{Rows: []CallRow{}, Calls: m.scored(), Pending: m.pending, Late: m.late}
	for i, found := range m.found {
		if len(found) == 0 {
			out.Uncalled = append(out.Uncalled, outcomes[i])
		}
	}
	all := make([]callSum, weeks+1)
	one := make([]callSum, weeks+1)
	var own []CallRow
	for k, i := range m.order {
		for w := range weeks + 1 {
			call, age := m.standing(i, w)
			one[w].add(call, &outcomes[i], age)
			all[w].add(call, &outcomes[i], age)
		}
		if by := outcomes[i].By; k+1 == len(m.order) || outcomes[m.order[k+1]].By != by {
			own = appendRows(own, by, one)
			clear(one)
		}
	}
	out.Rows = append(appendRows(out.Rows, "", all), own...)
	return out, nil
}

// callSum is a row under way.
type callSum struct {
	periods, missing, oldest      int
	age                           int64
	called, actual, missed, sizes exact.Num
}

// add counts an outcome and the call that stood for it, nil for none.
func (s *callSum) add(c *Call, o *Outcome, age int) {
	if c == nil {
		s.missing++
		return
	}
	called, actual := exact.From(c.Amount), exact.From(o.Amount)
	s.periods++
	s.called = s.called.Add(called)
	s.actual = s.actual.Add(actual)
	s.missed = s.missed.Add(called.Sub(actual).Abs())
	s.sizes = s.sizes.Add(actual.Abs())
	s.age += int64(age)
	s.oldest = max(s.oldest, age)
}

// appendRows appends the rows that are not empty, the earliest week first.
func appendRows(rows []CallRow, by string, sums []callSum) []CallRow {
	for w, s := range slices.Backward(sums) {
		if s.periods == 0 {
			continue
		}
		row := CallRow{
			By: by, WeeksOut: w, Periods: s.periods, Missing: s.missing,
			Called: s.called.Decimal(), Actual: s.actual.Decimal(), AbsError: s.missed.Decimal(),
			Age: quotient(exact.Int(s.age), exact.Int(int64(s.periods))), Oldest: s.oldest,
		}
		if !s.sizes.IsZero() {
			v := quotient(s.missed, s.sizes)
			row.WAPE = &v
		}
		if !s.actual.IsZero() {
			v := quotient(s.called.Sub(s.actual), s.actual.Abs())
			row.Bias = &v
		}
		rows = append(rows, row)
	}
	return rows
}
