package metrics

import (
	"encoding/json"
	"errors"
	"math"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/lifetime"
	"github.com/salesops-go/salesops/internal/wire"
)

// The faults of the text of a [Ramp].
var (
	errRampRule  = errors.New("holds a threshold that is not above 0, or too many periods in a row")
	errRampReps  = errors.New("holds numbers of reps that do not fit together")
	errRampCurve = errors.New("holds a curve on which reps come back, or an amount out of bounds")
	errRampTick  = errors.New("holds a period before the first or beyond the last")
)

// check tells why a ramp cannot have been made by adding reps.
func (r *Ramp) check() error {
	switch {
	case r.rule.threshold.Sign() < 0, r.rule.sustained < 0, r.rule.sustained > maxTenure:
		return errRampRule
	case r.ramped.Len() != r.reps, r.first.Len() != r.reps, r.leave < 0, r.leave > r.ramped.Ended(lifetime.Censored):
		return errRampReps
	case len(r.curve) > maxTenure:
		return errRampCurve
	}
	before := r.reps
	for _, t := range r.curve {
		if _, ok := admitSum(t.Amount); !ok || t.Count <= 0 || t.Count > before {
			return errRampCurve
		}
		before = t.Count
	}
	// Who is known to have had something happen in a period was there for it, and for those through which it is sustained.
	for _, h := range []struct {
		*lifetime.Histogram
		after int
	}{{&r.ramped, max(r.rule.sustained, 1) - 1}, {&r.first, 0}} {
		for row := range h.Rows() {
			switch at := row.Tick + h.after; {
			case row.Tick == 0:
				if row.Enter != r.reps || row.Exits(reached) > 0 {
					return errRampTick
				}
			case row.Enter > 0 || at > len(r.curve) || row.AtRisk > r.curve[at-1].Count:
				return errRampTick
			}
		}
	}
	return nil
}

// MarshalBinary returns the ramp in binary form, which depends on nothing but what it holds. It never fails.
func (r Ramp) MarshalBinary() ([]byte, error) {
	b := wire.Decimal(wire.Head(nil, 'p', 1), r.rule.threshold)
	b = wire.Uint(b, uint64(r.rule.sustained))
	b = wire.Uint(wire.Uint(b, uint64(r.reps)), uint64(r.leave))
	b = wire.Uint(b, uint64(len(r.curve)))
	for _, t := range r.curve {
		b = wire.Decimal(wire.Uint(b, uint64(t.Count)), t.Amount)
	}
	for _, h := range []*lifetime.Histogram{&r.ramped, &r.first} {
		var causes []lifetime.Cause
		if h.Ended(reached) > 0 {
			causes = []lifetime.Cause{reached}
		}
		b = h.Append(wire.Uint(b, uint64(len(causes))), causes)
	}
	return b, nil
}

// UnmarshalBinary replaces r by what [Ramp.MarshalBinary] wrote. It returns an error ([ErrEncoding]), and changes nothing, if
// data is anything else.
func (r *Ramp) UnmarshalBinary(data []byte) error {
	in := wire.NewReader(data, 'p', 1)
	threshold := in.Decimal()
	sustained := int(in.Natural(maxTenure))
	out := Ramp{reps: in.Natural(math.MaxInt64), leave: in.Natural(math.MaxInt64)}
	if n := in.Count(2); n > 0 {
		out.curve = make([]Part, n)
	}
	for i := range out.curve {
		out.curve[i] = Part{in.Natural(math.MaxInt64), in.Decimal()}
		if !in.OK() {
			break
		}
	}
	out.ramped = *lifetime.Read(in, int(in.Natural(1)))
	out.first = *lifetime.Read(in, int(in.Natural(1)))
	err := in.Close()
	if err == nil {
		err = out.settle(threshold, sustained)
	}
	if err == nil && (!out.rule.threshold.Equal(threshold) || out.rule.sustained != sustained) {
		err = errRampRule // 1 is written 0
	}
	if err != nil {
		return errEncoding("ramp", err)
	}
	*r = out
	return nil
}

// settle takes the options, and checks what was decoded.
func (r *Ramp) settle(threshold decimal.Decimal, sustained int) error {
	n, ok := exact.Admit(threshold)
	if !ok {
		return errRampRule
	}
	r.rule = newRampRule(n, sustained)
	if err := r.check(); err != nil {
		return err
	}
	for i := range r.curve {
		r.curve[i].Amount = canonicalAmount(r.curve[i].Amount)
	}
	return nil
}

// rampJSON is the JSON form of a [Ramp].
type rampJSON struct {
	RampOptions
	Reps      int64     `json:"reps"`
	Left      int64     `json:"left"`
	Curve     []Part    `json:"curve"`
	Ramped    [][]int64 `json:"ramped"`
	FirstDeal [][]int64 `json:"firstDeal"`
}

// MarshalJSON returns the ramp as an object: the options, how many reps there are and how many left before they ramped, the reps
// and bookings of each period of tenure, and for ramping and for the first deal the periods with an event: [period, reps who
// got there, reps of whom no more is known]. It never fails.
func (r Ramp) MarshalJSON() ([]byte, error) {
	out := rampJSON{
		RampOptions: r.Options(), Reps: r.reps, Left: r.leave, Curve: make([]Part, len(r.curve)),
		Ramped: exitRows(&r.ramped), FirstDeal: exitRows(&r.first),
	}
	for i, t := range r.curve {
		out.Curve[i] = Part{t.Count, canonicalAmount(t.Amount)}
	}
	return json.Marshal(out)
}

// exitRows lists the periods in which something ended.
func exitRows(h *lifetime.Histogram) [][]int64 {
	out := [][]int64{}
	for row := range h.Rows() {
		if got, censored := row.Exits(reached), row.Exits(lifetime.Censored); got+censored > 0 {
			out = append(out, []int64{int64(row.Tick), got, censored})
		}
	}
	return out
}

// UnmarshalJSON replaces r by what [Ramp.MarshalJSON] wrote; null changes nothing. It returns an error ([ErrEncoding]), and
// changes nothing, if the text is anything else: it has other fields, or numbers of reps that do not fit together.
func (r *Ramp) UnmarshalJSON(text []byte) error {
	if wire.IsNull(text) {
		return nil
	}
	var j rampJSON
	if err := wire.StrictJSON(text, &j); err != nil {
		return errEncoding("ramp", err)
	}
	out := Ramp{reps: j.Reps, leave: j.Left}
	if len(j.Curve) > 0 {
		out.curve = j.Curve
	}
	ramped, err := histogramOf(j.Ramped)
	if err != nil {
		return errEncoding("ramp", err)
	}
	first, err := histogramOf(j.FirstDeal)
	if err != nil {
		return errEncoding("ramp", err)
	}
	out.ramped, out.first = *ramped, *first
	if err := out.settle(j.Threshold, j.Sustained); err != nil {
		return errEncoding("ramp", err)
	}
	*r = out
	return nil
}

// histogramOf makes a histogram of periods with what ended in them; all enter at 0.
func histogramOf(rows [][]int64) (*lifetime.Histogram, error) {
	var n, ended int64
	for _, row := range rows {
		if len(row) != 3 || row[0] < 0 || row[0] > maxTenure || row[1] < 0 || row[2] < 0 || row[1]+row[2] == 0 ||
			!addCount(&n, row[1]) || !addCount(&n, row[2]) {
			return nil, errRampTick
		}
		ended += row[1]
	}
	causes := 1
	if ended > 0 {
		causes = 2
	}
	return lifetime.FromRows(func(yield func(lifetime.Row) bool) {
		if n > 0 && rows[0][0] > 0 && !yield(lifetime.Row{Enter: n, Exit: make([]int64, causes)}) {
			return
		}
		for _, row := range rows {
			out := lifetime.Row{Tick: int(row[0]), Exit: []int64{row[2], row[1]}[:causes]}
			if out.Tick == 0 {
				out.Enter = n
			}
			if !yield(out) {
				return
			}
		}
	})
}
