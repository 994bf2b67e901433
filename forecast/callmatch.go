package forecast

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// matches are calls and the outcomes that they belong to.
type matches struct {
	calls         []Call
	outcomes      []Outcome
	order         []int   // the outcomes by By, then by input
	of            []int   // by call, the outcome; -1 for a call that is pending or late
	found         [][]int // by outcome, its calls in order of time
	pending, late int
}

// match checks calls and outcomes and brings them together. The result is of no use if there are faults.
func (f *faults) match(calls []Call, outcomes []Outcome) *matches {
	type key struct {
		by     string
		period salesops.Period
	}
	m := &matches{calls: calls, outcomes: outcomes, order: make([]int, len(outcomes)), of: make([]int, len(calls)), found: make([][]int, len(outcomes))}
	index := make(map[key]int, len(outcomes))
	for i, o := range outcomes {
		f.callOf("outcomes", i, o.By, o.Period, o.Amount)
		if k, ok := index[key{o.By, o.Period}]; ok {
			f.add(ErrInput, o.By, "outcomes/"+strconv.Itoa(i), o.Period.String(), "has an outcome already, at outcomes/"+strconv.Itoa(k))
		} else {
			index[key{o.By, o.Period}] = i
		}
		m.order[i] = i
	}
	slices.SortStableFunc(m.order, func(a, b int) int { return cmp.Compare(outcomes[a].By, outcomes[b].By) })
	for i, c := range calls {
		f.callOf("calls", i, c.By, c.Period, c.Amount)
		if c.AsOf.IsZero() {
			f.add(ErrInput, c.By, "calls/"+strconv.Itoa(i)+"/asOf", "", "must be a date")
		}
		m.of[i] = -1
		k, ok := index[key{c.By, c.Period}]
		switch {
		case !c.AsOf.Before(c.Period.End):
			m.late++
		case !ok:
			m.pending++
		default:
			m.of[i] = k
			m.found[k] = append(m.found[k], i)
		}
	}
	for _, found := range m.found {
		slices.SortStableFunc(found, func(a, b int) int { return calls[a].AsOf.Compare(calls[b].AsOf) })
	}
	return m
}

// callOf checks what calls and outcomes have in common.
func (f *faults) callOf(list string, i int, by string, p salesops.Period, amount decimal.Decimal) {
	days, ok := p.Days()
	if by != "" && ok && days > 0 && exact.Bounded(amount) {
		return
	}
	path := list + "/" + strconv.Itoa(i)
	if by == "" {
		f.add(ErrInput, "", path+"/by", "", "must not be empty: name who called")
	}
	if !ok || days == 0 {
		f.add(ErrInput, by, path+"/period", p.String(), "must have a start, an end, and a day between them")
	}
	f.number(by, path+"/amount", amount)
}

// standing returns the call that stood weeks before the end of an outcome's period, nil for none, and its age in days.
func (m *matches) standing(outcome, weeks int) (call *Call, age int) {
	found := m.found[outcome]
	day := m.outcomes[outcome].Period.Last().AddDays(-7 * weeks)
	k, _ := slices.BinarySearchFunc(found, day, func(c int, day salesops.Date) int {
		if m.calls[c].AsOf.After(day) {
			return 1
		}
		return -1
	})
	if k == 0 {
		return nil, 0
	}
	call = &m.calls[found[k-1]]
	return call, day.DaysSince(call.AsOf)
}

// scored returns the calls with an outcome, in the order of the input.
func (m *matches) scored() []ScoredCall {
	out := make([]ScoredCall, 0, len(m.calls)-m.pending-m.late)
	for i, c := range m.calls {
		k := m.of[i]
		if k < 0 {
			continue
		}
		called, actual := exact.From(c.Amount), exact.From(m.outcomes[k].Amount)
		out = append(out, ScoredCall{
			Call: c, WeeksOut: c.Period.Last().DaysSince(c.AsOf) / 7,
			Actual: m.outcomes[k].Amount, Error: called.Sub(actual).Decimal(),
			OverActual: hit(called, actual, actual), OverForecast: hit(called, actual, called),
		})
	}
	return out
}
