package metrics

import (
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"math/bits"
	"reflect"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/wire"
)

// The faults of the text of a sample.
var (
	errOptions  = errors.New("has options that are out of range")
	errNumber   = errors.New("has a number that is not one of its type, or not in its one form")
	errAscend   = errors.New("has numbers or buckets that do not ascend")
	errBucket   = errors.New("has a bucket that there is not, or a count that is not positive")
	errSum      = errors.New("has counts that do not add up")
	errExtremes = errors.New("has extremes that are not in the first and the last bucket")
	errMoments  = errors.New("has moments that are none")
	errState    = errors.New("must have values if they are not more than the limit, and otherwise a sketch with moments")
)

// MarshalBinary returns the sample in binary form, which depends on nothing but the numbers and the options.
func (s Sample[N]) MarshalBinary() ([]byte, error) {
	o := s.options.full()
	e, _ := exact.FromFloat(o.Error)
	b := wire.Decimal(wire.Uint(wire.Head(nil, 'S', 1), uint64(o.Limit)), e.Decimal())
	b = wire.Uint(b, uint64(s.Len()))
	if s.sketch == nil {
		for _, v := range s.inOrder() {
			b = appendNumber(b, v.value)
		}
		return b, nil
	}
	moments, err := s.moments.MarshalBinary()
	if err != nil {
		return nil, err
	}
	return s.sketch.append(wire.String(b, string(moments))), nil
}

// UnmarshalBinary reads what [Sample.MarshalBinary] wrote. It returns an error ([ErrEncoding]), and leaves s as it is, if data
// is anything else, or holds a number that is none of type N.
func (s *Sample[N]) UnmarshalBinary(data []byte) error {
	r := wire.NewReader(data, 'S', 1)
	limit := r.Natural(mostLimit)
	e := exact.From(r.Decimal())
	in, err := decodedSample[N](limit, e.Float64())
	if shortest, _ := exact.FromFloat(e.Float64()); err == nil && shortest.Cmp(e) != 0 {
		err = errOptions
	}
	if err == nil {
		err = in.read(r, limit)
	}
	if err != nil {
		r.Fail(err)
	}
	if err := r.Close(); err != nil {
		return errEncoding("sample", err)
	}
	*s = *in
	return nil
}

// read reads what follows the options.
func (s *Sample[N]) read(r *wire.Reader, limit int64) error {
	n := r.Natural(math.MaxInt64)
	if n <= limit {
		for range n {
			x, ok := readNumber[N](r)
			if !r.OK() {
				return nil // the reader tells
			}
			if !ok {
				return errNumber
			}
			if err := s.restore(x); err != nil {
				return err
			}
		}
		return nil
	}
	moments := r.String()
	k := &sketch{grid: s.options.grid(), min: readFloat(r), max: readFloat(r), zero: r.Natural(math.MaxInt64)}
	err := cmp.Or(k.restore(&k.negative, readBuckets(r)), k.restore(&k.positive, readBuckets(r)))
	if err != nil || !r.OK() {
		return err
	}
	if s.moments.UnmarshalBinary([]byte(moments)) != nil {
		return errMoments
	}
	return s.setSketch(k, n)
}

// sampleJSON is the JSON form of a sample.
type sampleJSON struct {
	Limit  int64             `json:"limit"`
	Error  float64           `json:"error"`
	Count  int64             `json:"count"`
	Values []json.RawMessage `json:"values,omitempty"`
	Sketch *sketchJSON       `json:"sketch,omitempty"`
}

// sketchJSON is the JSON form of buckets.
type sketchJSON struct {
	Moments  json.RawMessage `json:"moments"`
	Min      float64         `json:"min"`
	Max      float64         `json:"max"`
	Zero     int64           `json:"zero"`
	Negative [][]int64       `json:"negative"` // pairs of bucket and count, buckets ascending
	Positive [][]int64       `json:"positive"`
}

// MarshalJSON returns the sample as an object: its options, how many numbers there are, and either these as values, ascending,
// decimals in quotes; or a sketch with their moments, their extremes, how many are 0, and pairs of bucket and count.
func (s Sample[N]) MarshalJSON() ([]byte, error) {
	o := s.options.full()
	out := sampleJSON{Limit: int64(o.Limit), Error: o.Error, Count: s.Len()}
	if s.sketch == nil {
		for _, v := range s.inOrder() {
			out.Values = append(out.Values, numberJSON(v.value))
		}
		return json.Marshal(out)
	}
	moments, err := s.moments.MarshalJSON()
	if err != nil {
		return nil, err
	}
	k := s.sketch
	out.Sketch = &sketchJSON{moments, k.min, k.max, k.zero, k.negative.pairs(), k.positive.pairs()}
	return json.Marshal(out)
}

// UnmarshalJSON reads what [Sample.MarshalJSON] wrote; null changes nothing. It returns an error ([ErrEncoding]), and leaves s
// as it is, if text has other fields, numbers that are none of type N or do not ascend, or counts that do not add up.
func (s *Sample[N]) UnmarshalJSON(text []byte) error {
	if wire.IsNull(text) {
		return nil
	}
	var in sampleJSON
	if err := wire.StrictJSON(text, &in); err != nil {
		return errEncoding("sample", err)
	}
	out, err := decodedSample[N](in.Limit, in.Error)
	if err == nil {
		err = out.setJSON(in)
	}
	if err != nil {
		return errEncoding("sample", err)
	}
	*s = *out
	return nil
}

func (s *Sample[N]) setJSON(in sampleJSON) error {
	if (in.Sketch != nil) != (in.Count > in.Limit) || in.Sketch != nil && (in.Values != nil || wire.IsNull(in.Sketch.Moments)) {
		return errState
	}
	if in.Sketch == nil {
		if in.Count != int64(len(in.Values)) {
			return errSum
		}
		for _, text := range in.Values {
			x, ok := numberOfJSON[N](text)
			if !ok {
				return errNumber
			}
			if err := s.restore(x); err != nil {
				return err
			}
		}
		return nil
	}
	k := &sketch{grid: s.options.grid(), min: in.Sketch.Min, max: in.Sketch.Max, zero: in.Sketch.Zero}
	if err := cmp.Or(k.restore(&k.negative, in.Sketch.Negative), k.restore(&k.positive, in.Sketch.Positive)); err != nil {
		return err
	}
	if s.moments.UnmarshalJSON(in.Sketch.Moments) != nil {
		return errMoments
	}
	return s.setSketch(k, in.Count)
}

// decodedSample is NewSample for options that are written out.
func decodedSample[N Number](limit int64, e float64) (*Sample[N], error) {
	if limit <= 0 || limit > mostLimit || e == 0 {
		return nil, errOptions
	}
	s, err := NewSample[N](SampleOptions{int(limit), e})
	if err != nil {
		return nil, errOptions
	}
	return s, nil
}

// restore adds a number that is not less than those before.
func (s *Sample[N]) restore(x N) error {
	n, ok := numOf(x)
	if !ok || !s.moments.addNum(n) {
		return errNumber
	}
	v := observe(x, n)
	if last := len(s.values) - 1; last >= 0 && v.compare(s.values[last]) < 0 {
		return errAscend
	}
	s.values = append(s.values, v)
	s.sorted = len(s.values)
	return nil
}

// setSketch makes the sample, which has its moments, one of n numbers in buckets.
func (s *Sample[N]) setSketch(k *sketch, n int64) error {
	if k.zero < 0 || k.zero > math.MaxInt64-k.n {
		return errSum
	}
	if k.n += k.zero; k.n != n || s.Len() != n {
		return errSum
	}
	first, last, some := 0, 0, false
	for place := range k.places() {
		if !some {
			first, some = place, true
		}
		last = place
	}
	if !(k.min <= k.max && k.max-k.max == 0 && k.min-k.min == 0) || k.place(k.min) != first || k.place(k.max) != last {
		return errExtremes
	}
	k.min, k.max = unsigned(k.min), unsigned(k.max)
	s.sketch = k
	return nil
}

// place is where a number is counted: see places.
func (k *sketch) place(v float64) int {
	switch {
	case v > 0:
		return k.grid.bucket(v) + 1
	case v < 0:
		return -k.grid.bucket(-v) - 1
	}
	return 0
}

// restore adds pairs of bucket and count to the numbers of a sign.
func (k *sketch) restore(t *tally, pairs [][]int64) error {
	least := int64(0)
	for _, p := range pairs {
		switch {
		case len(p) != 2 || p[0] < 0 || p[0] >= k.grid.buckets() || p[1] <= 0 || !k.grid.has(int(p[0])):
			return errBucket
		case p[0] < least:
			return errAscend
		case p[1] > math.MaxInt64-k.n:
			return errSum
		}
		t.add(int(p[0]), p[1])
		k.n += p[1]
		least = p[0] + 1
	}
	return nil
}

// has reports whether there are numbers in a bucket, as there are not in all of those of the subnormal ones.
func (g grid) has(bucket int) bool {
	return bucket/int(g) > subnormals || g.bucket(g.first(bucket)) == bucket
}

// append appends the sketch in binary form.
func (k *sketch) append(b []byte) []byte {
	b = wire.Uint(appendFloat(appendFloat(b, k.min), k.max), uint64(k.zero))
	for _, t := range []*tally{&k.negative, &k.positive} {
		pairs := t.pairs()
		b = wire.Uint(b, uint64(len(pairs)))
		before := int64(0)
		for _, p := range pairs {
			b = wire.Uint(wire.Uint(b, uint64(p[0]-before)), uint64(p[1]))
			before = p[0]
		}
	}
	return b
}

// readBuckets reads pairs of bucket and count.
func readBuckets(r *wire.Reader) [][]int64 {
	pairs := make([][]int64, 0, r.Count(2))
	at := int64(0)
	for range cap(pairs) {
		at += r.Natural(math.MaxInt32) // at most 2^31 times: no overflow
		pairs = append(pairs, []int64{at, r.Natural(math.MaxInt64)})
	}
	return pairs
}

// pairs returns the buckets that are not empty, ascending, with their counts.
func (t *tally) pairs() [][]int64 {
	pairs := [][]int64{}
	for bucket, n := range t.all() {
		pairs = append(pairs, []int64{int64(bucket), n})
	}
	return pairs
}

// appendNumber appends a float as its bits, and any other number as a decimal.
func appendNumber[N Number](b []byte, x N) []byte {
	if v := reflect.ValueOf(x); v.CanFloat() {
		return appendFloat(b, v.Float())
	}
	n, _ := numOf(x)
	return wire.Decimal(b, n.Decimal())
}

// readNumber reads what appendNumber wrote; ok is false if it is no number of the type.
func readNumber[N Number](r *wire.Reader) (x N, ok bool) {
	if v := reflect.ValueOf(&x).Elem(); v.CanFloat() {
		f := readFloat(r)
		v.SetFloat(f)
		return x, v.Float() == f
	}
	n, ok := exact.Admit(r.Decimal())
	if !ok {
		return x, false
	}
	return ofNum[N](n)
}

// appendFloat appends the bits of a float, which are few for whole numbers and the like. -0 is 0.
func appendFloat(b []byte, v float64) []byte {
	return wire.Uint(b, bits.ReverseBytes64(math.Float64bits(unsigned(v))))
}

// readFloat reads a float. It makes the reading fail if that is not finite, or -0.
func readFloat(r *wire.Reader) float64 {
	v := math.Float64frombits(bits.ReverseBytes64(r.Uint()))
	if v-v != 0 || v == 0 && math.Signbit(v) {
		r.Fail(errNumber)
		return 0
	}
	return v
}

// numberJSON is a number as JSON, decimals in quotes.
func numberJSON[N Number](x N) json.RawMessage {
	if v := reflect.ValueOf(x); v.CanFloat() {
		return strconv.AppendFloat(nil, unsigned(v.Float()), 'g', -1, v.Type().Bits())
	}
	n, _ := numOf(x)
	d := n.Decimal()
	text := d.StringFixed(max(0, -d.Exponent()))
	if _, is := any(x).(decimal.Decimal); is {
		text = strconv.Quote(text)
	}
	return json.RawMessage(text)
}

// numberOfJSON reads what numberJSON wrote; ok is false if it is no number of the type.
func numberOfJSON[N Number](text json.RawMessage) (x N, ok bool) {
	if v := reflect.ValueOf(&x).Elem(); v.CanFloat() {
		f, err := strconv.ParseFloat(string(text), v.Type().Bits())
		if err == nil {
			v.SetFloat(f)
		}
		return x, err == nil
	}
	var d decimal.Decimal
	if wire.IsNull(text) || json.Unmarshal(text, &d) != nil {
		return x, false
	}
	n, ok := exact.Admit(d)
	if !ok {
		return x, false
	}
	return ofNum[N](n)
}
