package metrics

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/lifetime"
)

// maxTenure bounds the periods of tenure of a rep: a hundred years of months.
const maxTenure = 1200

// RampOptions says when a rep has ramped. The zero value is the first period in which a rep made the full quota.
type RampOptions struct {
	// Threshold is the attainment to reach, above 0: 0.8 for 80 % of quota. 0 is 1.
	Threshold decimal.Decimal `json:"threshold"`
	// Sustained is for how many periods in a row attainment must be at the threshold or above. The rep has ramped in the first of
	// them. One period may be luck: a new rep often takes over deals that are about to close. 0 is 1.
	Sustained int `json:"sustained"`
}

// TenureHistory is what a rep attained from hiring on.
type TenureHistory struct {
	// Rep names the rep in errors.
	Rep string `json:"rep,omitempty"`
	// Attainment is bookings over quota for each whole period of tenure: the first is that after hiring. A period that is not
	// over is left out. A period without quota, with 0 below, does not reach the threshold; its bookings count.
	Attainment []Ratio[decimal.Decimal] `json:"attainment"`
	// FirstDeal is in which period of tenure the first deal was won, from 1 on; 0 if none was so far.
	FirstDeal int `json:"firstDeal,omitempty"`
	// Left says whether the rep has left the job; the history then ends with the last whole period before.
	Left bool `json:"left,omitempty"`
}

// Ramp is how long new reps take to become productive, and along which curve. Reps who have not ramped, whether they still try
// or have left, are censored: it is known that they took longer than they have been there, and that is taken into account
// by the estimate of Kaplan and Meier. The mean over those who have ramped leaves them out, and so is too short,
// all the more the younger the team.
//
// The zero value is a ramp of no reps under the zero [RampOptions], and the identity of [Ramp.Merge]; [NewRamp] makes one with
// others. It takes memory for the different periods of tenure, not for the reps. A Ramp must not be copied once in use, nor used
// from several goroutines while one of them changes it.
type Ramp struct {
	rule   rampRule
	reps   int64
	leave  int64              // reps who left before they had ramped
	ramped lifetime.Histogram // ticks are periods of tenure
	first  lifetime.Histogram // until the first deal
	curve  []Part             // by period of tenure: reps, and their bookings
}

// rampRule are options that were checked: those of the zero value are zero.
type rampRule struct {
	threshold decimal.Decimal // canonical; 0 for 1
	sustained int             // 0 for 1
}

// reached is the cause that ends a lifetime.
const reached lifetime.Cause = 1

// NewRamp returns a ramp of no reps.
//
// NewRamp returns an error ([ErrInput]) if the threshold is negative or out of bounds, or Sustained is not from 0 to 1,200.
func NewRamp(o RampOptions) (*Ramp, error) {
	var f faults
	n, ok := f.amount("", "threshold", o.Threshold)
	if ok && n.Sign() < 0 {
		f.add(ErrInput, "", "threshold", decimalText(o.Threshold), "must be above 0, such as 0.8; 0 stands for 1")
	}
	if o.Sustained < 0 || o.Sustained > maxTenure {
		f.add(ErrInput, "", "sustained", strconv.Itoa(o.Sustained), "must be from 1 to "+strconv.Itoa(maxTenure)+"; 0 stands for 1")
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return &Ramp{rule: newRampRule(n, o.Sustained)}, nil
}

func newRampRule(threshold exact.Num, sustained int) rampRule {
	if threshold.Cmp(exact.Int(1)) == 0 {
		threshold = exact.Num{}
	}
	if sustained == 1 {
		sustained = 0
	}
	return rampRule{threshold.Decimal(), sustained}
}

func (r rampRule) least() exact.Num {
	if r.threshold.IsZero() {
		return exact.Int(1)
	}
	return exact.From(r.threshold)
}

func (r rampRule) isZero() bool { return r.threshold.IsZero() && r.sustained == 0 }

func (r rampRule) equal(o rampRule) bool {
	return r.threshold.Equal(o.threshold) && r.sustained == o.sustained
}

// Add counts a rep. It takes O(n) for n periods.
//
// Add returns an error ([ErrInput]), and counts nothing, if:
//   - there are more than 1,200 periods
//   - a number is out of bounds, a quota is negative, or bookings make a sum of more than 64 digits
//   - FirstDeal is not one of the periods, nor 0
func (r *Ramp) Add(h TenureHistory) error {
	var f faults
	n := len(h.Attainment)
	if n > maxTenure {
		f.add(ErrInput, h.Rep, "attainment", strconv.Itoa(n), "periods are too many: "+strconv.Itoa(maxTenure)+" at most")
		return f.err()
	}
	if h.FirstDeal < 0 || h.FirstDeal > n {
		f.add(ErrInput, h.Rep, "firstDeal", strconv.Itoa(h.FirstDeal), "must be one of the "+strconv.Itoa(n)+
			" whole periods of the history, from 1 on; 0 if none was won in them")
	}
	curve := make([]exact.Num, n)
	for i, a := range h.Attainment {
		path := "attainment/" + strconv.Itoa(i)
		num, ok := f.amount(h.Rep, path+"/num", a.Num)
		den, _ := f.amount(h.Rep, path+"/den", a.Den)
		if den.Sign() < 0 {
			f.add(ErrInput, h.Rep, path+"/den", decimalText(a.Den), "is a quota, which must be 0 or more")
		}
		if i < len(r.curve) {
			num = num.Add(exact.From(r.curve[i].Amount))
		}
		if _, fits := admitSum(num.Decimal()); ok && !fits {
			f.add(ErrInput, h.Rep, path+"/num", decimalText(a.Num), "makes a sum of more than 64 digits")
		}
		curve[i] = num
	}
	if err := f.err(); err != nil {
		return err
	}
	at, cause := r.rule.ramped(h.Attainment)
	first, firstCause := n, lifetime.Censored
	if h.FirstDeal > 0 {
		first, firstCause = h.FirstDeal, reached
	}
	if !addCount(&r.reps, 1) {
		return &Error{Path: "reps", Msg: "are 2^63-1 already: merge fewer", Err: ErrInput}
	}
	r.ramped.Add(0, at, cause)
	r.first.Add(0, first, firstCause)
	if h.Left && cause == lifetime.Censored {
		r.leave++
	}
	for i, sum := range curve {
		if i == len(r.curve) {
			r.curve = append(r.curve, Part{})
		}
		r.curve[i].Count++
		r.curve[i].Amount = sum.Decimal()
	}
	return nil
}

// ramped returns in which period a rep ramped, or which is the last of which it is known that the rep did not ramp in it: whether
// a rep ramped in a period is known once the periods through which it must be sustained are over.
func (r rampRule) ramped(attainment []Ratio[decimal.Decimal]) (at int, cause lifetime.Cause) {
	need, least := max(r.sustained, 1), r.least()
	run := 0
	for i, a := range attainment {
		num, den, ok := a.parts()
		if !ok || num.Cmp(least.Mul(den)) < 0 {
			run = 0
			continue
		}
		if run++; run == need {
			return i + 2 - need, reached
		}
	}
	return max(len(attainment)+1-need, 0), lifetime.Censored
}

// Len returns the number of reps.
func (r *Ramp) Len() int64 { return r.reps }

// Options returns the options, with nothing left to default.
func (r *Ramp) Options() RampOptions {
	return RampOptions{Threshold: r.rule.least().Decimal(), Sustained: max(r.rule.sustained, 1)}
}

// Merge adds the reps of o, which stays as it is. nil is empty; r may be o.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if:
//   - the options of r and o differ, unless one is the zero value
//   - there are more than 2^63-1 reps, or a sum has more than 64 digits
func (r *Ramp) Merge(o *Ramp) error {
	switch {
	case o == nil || o.reps == 0 && o.rule.isZero():
		return nil
	case r.reps == 0 && r.rule.isZero():
		*r = *o.clone()
		return nil
	case !r.rule.equal(o.rule):
		return r.mismatch(o)
	}
	n := r.reps
	if !addCount(&n, o.reps) {
		return errTooMany("reps")
	}
	curve := slices.Clone(r.curve)
	for i, t := range o.curve {
		if i == len(curve) {
			curve = append(curve, Part{})
		}
		curve[i].Count += t.Count
		curve[i].Amount = exact.From(curve[i].Amount).Add(exact.From(t.Amount)).Decimal()
		if _, ok := admitSum(curve[i].Amount); !ok {
			return &Error{Path: "ramp", Msg: "has a sum of more than 64 digits", Err: ErrMismatch}
		}
	}
	leave := r.leave + o.leave
	r.ramped.Merge(&o.ramped, nil)
	r.first.Merge(&o.first, nil)
	r.reps, r.leave, r.curve = n, leave, curve
	return nil
}

// Sub takes the reps of o away again, which stays as it is: the inverse of [Ramp.Merge], but that the options remain. nil is
// empty; r may be o.
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if the options differ, or r does not hold the reps of o.
func (r *Ramp) Sub(o *Ramp) error {
	switch {
	case o == nil || o.reps == 0:
		return nil
	case !r.rule.equal(o.rule):
		return r.mismatch(o)
	case o.reps > r.reps || o.leave > r.leave || len(o.curve) > len(r.curve):
		return errNotHeld("reps")
	}
	left := r.clone()
	if !left.ramped.Sub(&o.ramped, nil) || !left.first.Sub(&o.first, nil) {
		return errNotHeld("reps")
	}
	for i, t := range o.curve {
		c := &left.curve[i]
		c.Count -= t.Count
		c.Amount = exact.From(c.Amount).Sub(exact.From(t.Amount)).Decimal()
	}
	for n := len(left.curve); n > 0 && left.curve[n-1].Count == 0 && left.curve[n-1].Amount.IsZero(); n-- {
		left.curve = left.curve[:n-1]
	}
	left.reps -= o.reps
	left.leave -= o.leave
	if left.check() != nil {
		return errNotHeld("reps")
	}
	*r = *left
	return nil
}

func (r *Ramp) mismatch(o *Ramp) error {
	msg := "are not " + quoted(r.rule.String()) + ": attainment must be judged alike"
	return &Error{Path: "options", Value: o.rule.String(), Msg: msg, Err: ErrMismatch}
}

// String tells the rule in an error.
func (r rampRule) String() string {
	return decimalText(r.least().Decimal()) + " for " + strconv.Itoa(max(r.sustained, 1))
}

func (r *Ramp) clone() *Ramp {
	return &Ramp{r.rule, r.reps, r.leave, *r.ramped.Clone(), *r.first.Clone(), slices.Clone(r.curve)}
}
