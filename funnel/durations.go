package funnel

import (
	"math/big"
	"strconv"

	"github.com/salesops-go/salesops/internal/multiset"
)

// Durations is a multiset of durations in whole ticks of any unit, nanoseconds unless said otherwise. None is lost: mean
// and quantiles are those of the observations, and parts merge into exactly the whole. For durations of which some are not
// over yet see [Lifetimes].
//
// The zero value is empty and is the identity of [Durations.Merge]. Durations take 16 to 48 bytes for each different number of
// ticks, and no more than 8 to 16 for each observation while there are 512 or fewer; to add one takes constant time on average.
// Reads change nothing, but have to put in order what was added since the last Clone, Sub or decoding; [Durations.Summary] does
// so once. Durations must not be copied once in use, nor used from several goroutines while one of them changes them.
type Durations struct{ s multiset.Set }

// Add adds a duration of so many ticks.
//
// Add returns an error ([ErrInput]), and adds nothing, if:
//   - ticks is negative
//   - there are 2^63-1 durations already
func (d *Durations) Add(ticks int64) error {
	if ticks < 0 {
		return &Error{Path: "ticks", Value: strconv.FormatInt(ticks, 10), Msg: "must not be negative", Err: ErrInput}
	}
	if !d.s.Add(ticks) {
		return &Error{Msg: "there are 2^63-1 durations already: merge fewer", Err: ErrInput}
	}
	return nil
}

// Merge adds the durations of o, which stays as it is. nil is empty; d may be o.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if there were more than 2^63-1 durations.
func (d *Durations) Merge(o *Durations) error {
	if o != nil && !d.s.Merge(&o.s) {
		return errTooMany("durations")
	}
	return nil
}

// Sub takes the durations of o away, which stays as it is: the inverse of [Durations.Merge]. nil is empty; d may be o.
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if d does not hold all of them.
func (d *Durations) Sub(o *Durations) error {
	if o != nil && !d.s.Sub(&o.s) {
		return errNotHeld("durations")
	}
	return nil
}

// Clone returns a copy, which is quick to read.
func (d *Durations) Clone() *Durations { return &Durations{s: *d.s.Clone()} }

// Len returns the number of durations, equal ones included.
func (d *Durations) Len() int64 { return d.s.Len() }

// Mean returns the mean, rounded once to the nearest float64; ok is false if there is no duration.
func (d *Durations) Mean() (ticks float64, ok bool) { return d.s.Mean() }

// Min returns the shortest duration; ok is false if there is none.
func (d *Durations) Min() (ticks int64, ok bool) { return d.s.Min() }

// Max returns the longest duration; ok is false if there is none.
func (d *Durations) Max() (ticks int64, ok bool) { return d.s.Max() }

// Quantile returns the p-quantile: of n durations in order, counted from 0, that at position (n-1)p, by linear
// interpolation between the two around it (type 7 of Hyndman and Fan 1996, https://doi.org/10.1080/00031305.1996.10473566;
// the default of R, NumPy and PERCENTILE.INC of spreadsheets). p stands for its shortest decimal: 0.9 is nine tenths. The
// result is rounded once, to the nearest float64.
//
// Quantile returns an error if:
//   - p is not from 0 to 1 ([ErrInput])
//   - there is no duration ([ErrUndefined])
func (d *Durations) Quantile(p float64) (ticks float64, err error) {
	if !(p >= 0 && p <= 1) { // NaN too
		return 0, &Error{Path: "p", Value: strconv.FormatFloat(p, 'g', -1, 64), Msg: "must be from 0 to 1", Err: ErrInput}
	}
	ticks, ok := d.s.Quantile(p)
	if !ok {
		return 0, &Error{Msg: "there is no duration, and so no quantile", Err: ErrUndefined}
	}
	return ticks, nil
}

// DurationSummary is what there is to say about durations in a few numbers, all in ticks but Count.
type DurationSummary struct {
	// Count is how many there are, 1 or more.
	Count int64 `json:"count"`
	// Total is their sum, rounded once. As a share of the total of all edges of a [Graph] it shows where the time goes.
	Total float64 `json:"total"`
	// Mean is the mean.
	Mean float64 `json:"mean"`
	// Min is the shortest.
	Min int64 `json:"min"`
	// P25 is the first quartile, as [Durations.Quantile] defines it.
	P25 float64 `json:"p25"`
	// Median is the second quartile.
	Median float64 `json:"median"`
	// P75 is the third quartile.
	P75 float64 `json:"p75"`
	// P90 is the quantile that one in ten exceeds.
	P90 float64 `json:"p90"`
	// Max is the longest.
	Max int64 `json:"max"`
}

// Summary returns the summary; ok is false if there is no duration.
func (d *Durations) Summary() (s DurationSummary, ok bool) { return summarize(&d.s) }

func summarize(s *multiset.Set) (DurationSummary, bool) {
	q, ok := s.Quantiles(0.25, 0.5, 0.75, 0.9)
	if !ok {
		return DurationSummary{}, false
	}
	d := DurationSummary{Count: s.Len(), P25: q[0], Median: q[1], P75: q[2], P90: q[3]}
	d.Total, _ = new(big.Float).SetInt(s.Sum()).Float64()
	d.Mean, _ = s.Mean()
	d.Min, _ = s.Min()
	d.Max, _ = s.Max()
	return d, true
}
