package metrics

import (
	"slices"

	"github.com/salesops-go/salesops/internal/exact"
)

// Sample holds numbers for their quantiles: all of them up to a limit, so that quantiles are exact; beyond it counts of them in
// buckets, which tell every quantile within a relative error that is guaranteed, whatever the numbers (DDSketch; Masson, Rim,
// Lee 2019, doi:10.14778/3352063.3352135). Number, mean, standard deviation and the extremes are exact in either state.
//
//	var sizes metrics.Sample[decimal.Decimal]
//	err := sizes.Add(amount)                  // and so on
//	median, err := sizes.Quantile(0.5)        // median.Value, ± median.Error
//
// The zero value is empty, and holds 4,096 numbers, then buckets of 0.5 %; [NewSample] makes others. What a Sample holds
// depends on nothing but the numbers: it is exact if and only if they are no more than the limit, and in which order they
// were added, or in which shards, does not show in any figure or byte. There is no Sub: the numbers that made the buckets are
// not known any more, and one that was taken away could not make a Sample exact again, nor give it back an extreme.
//
// While it is exact a Sample takes 16 to 32 bytes for each number, 24 to 48 for decimals; and then 8 for each bucket, by pages of
// 128: some 7,000 in all for amounts from 1 to 1,000 at 0.5 %, and at most 1.2 million for positive numbers and as many for
// negative ones if they are from all over the range of float64 (59 million at 0.01 %). To add a number takes constant time
// on average. Reads change nothing. A Sample must not be copied once in use, nor used from several goroutines while one of
// them changes it.
type Sample[N Number] struct {
	options SampleOptions // 0 stands for the default
	moments Moments[N]
	values  []observed[N] // if exact
	sorted  int           // how many of them, from the first, are in order
	sketch  *sketch       // nil if exact
}

// SampleOptions say how many numbers a [Sample] holds, and how it goes on.
type SampleOptions struct {
	// Limit is how many numbers are held, and the quantiles are exact, from 1 to 1,048,576; 0 is 4,096.
	Limit int
	// Error is the relative error of quantiles of more numbers, from 0.0001 to 0.1; 0 is 0.005, which is 0.5 %. The number of
	// buckets is in inverse proportion to it. It stands for its shortest decimal.
	Error float64
}

// The defaults and the bounds of SampleOptions.
const (
	defaultLimit = 4096
	defaultError = 0.005
	mostLimit    = 1 << 20
	leastError   = 1e-4
	mostError    = 0.1
)

// leastTail is how many numbers may wait to be put in order, even if few are in order.
const leastTail = 512

// notObserved says that a number is none that can be observed.
const notObserved = "must be a finite number, or a decimal with an exponent within ±18 and at most 36 digits"

// NewSample returns an empty sample with options.
//
// NewSample returns an error ([ErrInput]) if an option is out of its range.
func NewSample[N Number](o SampleOptions) (*Sample[N], error) {
	var f faults
	if o.Limit < 0 || o.Limit > mostLimit {
		f.add(ErrInput, "", "limit", intText(int64(o.Limit)), "must be from 1 to 1048576, or 0 for 4096")
	}
	if o.Error != 0 && !(o.Error >= leastError && o.Error <= mostError) {
		f.add(ErrInput, "", "error", floatText(o.Error), "must be from 0.0001 to 0.1, or 0 for 0.005")
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return &Sample[N]{options: o}, nil
}

// full returns the options without defaults.
func (o SampleOptions) full() SampleOptions {
	if o.Limit == 0 {
		o.Limit = defaultLimit
	}
	if o.Error == 0 {
		o.Error = defaultError
	}
	return o
}

// grid returns the grid of the buckets.
func (o SampleOptions) grid() grid {
	e, _ := exact.FromFloat(o.full().Error)
	return newGrid(e)
}

// Add adds a number.
//
// Add returns an error ([ErrInput]), and adds nothing, if:
//   - x is infinite, not a number, or a decimal out of bounds
//   - there are 2^63-1 numbers already
func (s *Sample[N]) Add(x N) error {
	n, ok := numOf(x)
	if !ok {
		return &Error{Path: "x", Msg: notObserved, Err: ErrInput}
	}
	if !s.add(x, n) {
		return &Error{Path: "x", Msg: "makes sums that are out of bounds, or is one more than 2^63-1 numbers", Err: ErrInput}
	}
	return nil
}

// add adds a number x, which is n, unless there are 2^63-1 already.
func (s *Sample[N]) add(x N, n exact.Num) bool {
	if !s.moments.addNum(n) {
		return false
	}
	o := observe(x, n)
	if s.sketch != nil {
		s.sketch.add(o.float)
		return true
	}
	s.values = append(s.values, o)
	s.settle()
	return true
}

// Merge adds the numbers of o, which stays as it is. nil is empty; s may be o. Both must have the same options, but an empty
// sample with the default options, such as the zero value, is the identity: it takes on those of the other. Merging takes time
// in proportion to the numbers of o while it is exact, and to its buckets then.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if:
//   - the options differ
//   - there were more than 2^63-1 numbers
func (s *Sample[N]) Merge(o *Sample[N]) error {
	switch {
	case o == nil || o.isIdentity():
		return nil
	case !s.isIdentity() && s.options.full() != o.options.full():
		return &Error{
			Path: "options", Value: o.options.text(),
			Msg: "are not " + quoted(s.options.text()) + ": make all samples that are to be merged alike", Err: ErrMismatch,
		}
	}
	if err := s.moments.Merge(&o.moments); err != nil {
		return err
	}
	s.options = o.options
	switch {
	case o.sketch != nil:
		s.promote()
		s.sketch.merge(o.sketch)
	case s.sketch != nil:
		for _, v := range o.values {
			s.sketch.add(v.float)
		}
	default:
		s.values = append(s.values, o.values...)
		s.settle()
	}
	return nil
}

func (o SampleOptions) text() string {
	o = o.full()
	return "limit " + intText(int64(o.Limit)) + ", error " + floatText(o.Error)
}

// isIdentity reports whether the sample is empty and has the default options.
func (s *Sample[N]) isIdentity() bool {
	return s.Len() == 0 && s.options.full() == SampleOptions{}.full()
}

// settle moves the numbers to buckets if they are more than the limit, and puts them in order if many are not: so that each is
// moved a few times, and reads have few to put in order.
func (s *Sample[N]) settle() {
	switch tail := len(s.values) - s.sorted; {
	case len(s.values) > s.options.full().Limit:
		s.promote()
	case tail >= max(leastTail, s.sorted/8):
		s.values, s.sorted = s.inOrder(), len(s.values)
	}
}

// promote makes an exact sample one of buckets.
func (s *Sample[N]) promote() {
	if s.sketch != nil {
		return
	}
	s.sketch = &sketch{grid: s.options.grid()}
	for _, v := range s.values {
		s.sketch.add(v.float)
	}
	s.values, s.sorted = nil, 0
}

// inOrder returns the numbers of an exact sample in order, in a new slice if they were not.
func (s *Sample[N]) inOrder() []observed[N] {
	first, tail := s.values[:s.sorted], slices.Clone(s.values[s.sorted:])
	if len(tail) == 0 {
		return s.values
	}
	slices.SortFunc(tail, observed[N].compare)
	if len(first) == 0 {
		return tail
	}
	all := make([]observed[N], 0, len(s.values)+leastTail)
	for len(first) > 0 && len(tail) > 0 {
		if first[0].compare(tail[0]) <= 0 {
			all, first = append(all, first[0]), first[1:]
		} else {
			all, tail = append(all, tail[0]), tail[1:]
		}
	}
	return append(append(all, first...), tail...)
}

// Clone returns a copy, which is quick to read.
func (s *Sample[N]) Clone() *Sample[N] {
	c := &Sample[N]{options: s.options, moments: *s.moments.Clone()}
	if s.sketch != nil {
		c.sketch = s.sketch.clone()
		return c
	}
	c.values, c.sorted = slices.Clone(s.inOrder()), len(s.values)
	return c
}

// Len returns how many numbers there are, equal ones included.
func (s *Sample[N]) Len() int64 { return s.moments.Len() }

// IsExact reports whether the sample holds all numbers, and so its quantiles are exact.
func (s *Sample[N]) IsExact() bool { return s.sketch == nil }

// Min returns the float64 nearest to the least number; ok is false if there is none.
func (s *Sample[N]) Min() (v float64, ok bool) {
	least, _, ok := s.extremes()
	return least, ok
}

// Max returns the float64 nearest to the greatest number; ok is false if there is none.
func (s *Sample[N]) Max() (v float64, ok bool) {
	_, greatest, ok := s.extremes()
	return greatest, ok
}

func (s *Sample[N]) extremes() (least, greatest float64, ok bool) {
	switch {
	case s.sketch != nil:
		return s.sketch.min, s.sketch.max, true
	case len(s.values) == 0:
		return 0, 0, false
	}
	least, greatest = s.values[0].float, s.values[max(s.sorted-1, 0)].float
	for _, v := range s.values[s.sorted:] {
		least, greatest = min(least, v.float), max(greatest, v.float)
	}
	return least, greatest, true
}

// Moments returns a copy of the moments of the numbers, which are exact in either state.
func (s *Sample[N]) Moments() *Moments[N] { return s.moments.Clone() }

// Quantile returns the quantile p, by linear interpolation between the numbers around position (n-1)p, counted from 0: type 7
// of [QuantileType]. p stands for its shortest decimal: 0.07 is seven hundredths.
//
// Of an exact sample the quantile is that of the numbers, computed without rounding but the last, to the nearest float64: the
// median of the decimals 10.10 and 10.20 is 10.15. Of buckets it is an estimate with its bound of error. That of numbers of
// one sign is at most Error of the options times the estimate, unless that is below 10^-300; between a negative number and a
// positive one interpolation may come near 0, while the bound stays that of the two. The quantiles 0 and 1 are exact.
//
// A quantile of an exact sample takes time in proportion to the numbers that were added since a Clone or decoding, and otherwise
// next to none; of buckets, time in proportion to the buckets.
//
// Quantile returns an error if:
//   - p is not from 0 to 1 ([ErrInput])
//   - the sample is empty ([ErrUndefined])
func (s *Sample[N]) Quantile(p float64) (Quantile, error) { return s.QuantileBy(7, p) }

// QuantileBy is [Sample.Quantile] for any type. It returns an error ([ErrInput]) if there is no such type, too.
func (s *Sample[N]) QuantileBy(t QuantileType, p float64) (Quantile, error) {
	if err := checkQuantile(t, p, s.Len()); err != nil {
		return Quantile{}, err
	}
	return s.quantileAt(s.inOrder(), t, p), nil
}

// quantileAt returns a quantile, given the values in order.
func (s *Sample[N]) quantileAt(values []observed[N], t QuantileType, p float64) Quantile {
	at := t.position(s.Len(), p)
	if s.sketch != nil {
		return s.sketch.quantile(at)
	}
	return Quantile{Value: quantileAt(values, at)}
}

// MAD returns the median absolute deviation from the median, unscaled: half of the numbers are nearer to the median. Both
// medians are of type 7. For normal values 1.4826 times it estimates the standard deviation.
//
// Of buckets it is an estimate with its bound of error, which is about Error of the options times 2|m|+d, m being the median
// and d the MAD: large if the numbers are near each other and far from 0.
//
// MAD returns an error ([ErrUndefined]) if the sample is empty.
func (s *Sample[N]) MAD() (Quantile, error) {
	if err := checkQuantile(7, 0.5, s.Len()); err != nil {
		return Quantile{}, err
	}
	at := QuantileType(7).position(s.Len(), 0.5)
	if s.sketch != nil {
		return s.sketch.mad(at), nil
	}
	return Quantile{Value: madOf(s.inOrder(), at)}, nil
}

// Spread returns what there is to say about the numbers in a few of their own kind; ok is false if the sample is empty. Its Error
// is 0 if the sample is exact, and that of the options otherwise.
func (s *Sample[N]) Spread() (sp Spread, ok bool) {
	sp.Min, sp.Max, ok = s.extremes()
	if !ok {
		return Spread{}, false
	}
	values := s.inOrder()
	at := func(p float64) float64 { return s.quantileAt(values, 7, p).Value }
	sp.P25, sp.Median, sp.P75, sp.P90 = at(0.25), at(0.5), at(0.75), at(0.9)
	sp.N = s.Len()
	sp.Mean, _ = s.moments.Mean()
	if sd, has := s.moments.SD(); has {
		sp.SD = &sd
	}
	if !s.IsExact() {
		sp.Error = s.options.full().Error
	}
	return sp, true
}

// rankInterval returns where the true p-quantile lies, as rankInterval of ticks does; of buckets it is as wide as they are.
func (s *Sample[N]) rankInterval(p, level float64) *Interval {
	low, high, ok := rankLimits(s.Len(), p, level)
	switch {
	case !ok:
		return nil
	case s.sketch != nil:
		return &Interval{s.sketch.statistic(low - 1).low, s.sketch.statistic(high - 1).high}
	}
	values := s.inOrder()
	return &Interval{values[low-1].float, values[high-1].float}
}

// nums returns the numbers of an exact sample.
func (s *Sample[N]) nums() []exact.Num {
	out := make([]exact.Num, len(s.values))
	for i, v := range s.values {
		out[i] = v.num()
	}
	return out
}
