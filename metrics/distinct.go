package metrics

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
)

// Distinct counts different keys: accounts touched, reps active, products sold. A key counts once, however often it is added
// and in however many parts it is, so that counts of weeks give that of the quarter, which no sum does.
//
// The zero value counts exactly, without limit, and takes the memory of a map of the keys. [NewDistinct] makes one that
// estimates from a limit on, and then takes 16 kB however many keys there are. What it holds depends on the set of keys
// alone, not on the order or the parts in which they came.
//
// The zero value is the identity of [Distinct.Merge]. There is no Sub: once a key has come from two parts, nobody knows
// whether it is gone when one part is taken away. A Distinct must not be copied once in use, nor used from several goroutines
// while one of them changes it.
type Distinct[K cmp.Ordered] struct {
	limit     int64          // 0: none
	keys      map[K]struct{} // nil if there are registers
	registers []byte         // of the HyperLogLog, if there are more than limit keys
}

// NewDistinct returns an empty Distinct that counts up to limit different keys exactly, and estimates from limit+1 on. Keys
// must not be chosen by an adversary, who could make the estimate as wrong as he likes.
//
// NewDistinct returns an error ([ErrInput]) if limit is less than 1.
func NewDistinct[K cmp.Ordered](limit int) (*Distinct[K], error) {
	if limit < 1 {
		return nil, &Error{Path: "limit", Value: strconv.Itoa(limit), Msg: "must be 1 or more: the zero Distinct has none", Err: ErrInput}
	}
	return &Distinct[K]{limit: int64(limit)}, nil
}

// Add adds a key. One that is there already changes nothing. A float key of -0 is 0.
//
// Add returns an error ([ErrInput]), and adds nothing, if key is text that is not valid UTF-8, or a float that is infinite or not
// a number.
func (d *Distinct[K]) Add(key K) error {
	if _, held := d.keys[key]; held {
		return nil
	}
	key, msg := admitKey(key)
	if msg != "" {
		return &Error{Path: "key", Value: keyText(key), Msg: msg, Err: ErrInput}
	}
	d.add(key)
	return nil
}

// add adds an admitted key.
func (d *Distinct[K]) add(key K) {
	if d.registers != nil {
		hllAdd(d.registers, hashKey(key))
		return
	}
	if d.keys == nil {
		d.keys = map[K]struct{}{}
	}
	d.keys[key] = struct{}{}
	if d.limit > 0 && int64(len(d.keys)) > d.limit {
		d.registers = make([]byte, hllRegisters)
		for k := range d.keys {
			hllAdd(d.registers, hashKey(k))
		}
		d.keys = nil
	}
}

// Merge adds the keys of o, which stays as it is. nil is empty; d may be o. If d is the zero value it takes on the limit of o.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if the limits differ and neither is the zero value.
func (d *Distinct[K]) Merge(o *Distinct[K]) error {
	switch {
	case o == nil || o == d || o.isZero():
		return nil
	case d.isZero():
		d.limit = o.limit
	case d.limit != o.limit:
		msg := "is not " + intText(d.limit) + ": count with the same limit from the start"
		return &Error{Path: "limit", Value: intText(o.limit), Msg: msg, Err: ErrMismatch}
	}
	if o.registers == nil {
		for key := range o.keys {
			d.add(key)
		}
		return nil
	}
	registers := slices.Clone(o.registers)
	hllMerge(registers, d.registers)
	for key := range d.keys {
		hllAdd(registers, hashKey(key))
	}
	d.keys, d.registers = nil, registers
	return nil
}

// isZero reports whether d is the zero value, or the same as it.
func (d *Distinct[K]) isZero() bool { return d.limit == 0 && len(d.keys) == 0 }

// Clone returns a copy.
func (d *Distinct[K]) Clone() *Distinct[K] {
	return &Distinct[K]{limit: d.limit, keys: maps.Clone(d.keys), registers: slices.Clone(d.registers)}
}

// Count returns the number of different keys, and its standard error, which is 0 as long as the number is exact. Beyond the limit
// the number is an estimate by HyperLogLog with 2^14 registers, by the estimator of Ertl 2017
// (https://arxiv.org/abs/1702.01284), whose standard error is 0.81 % of the number; for fewer than 100,000 keys it is
// less than that. An estimate is never below the number of keys that are known to be there: the limit and one.
func (d *Distinct[K]) Count() (n int64, se float64) {
	if d.registers == nil {
		return int64(len(d.keys)), 0
	}
	estimate := hllEstimate(d.registers)
	n = math.MaxInt64
	if estimate < math.MaxInt64 {
		n = max(int64(math.RoundToEven(estimate)), min(d.limit, math.MaxInt64-1)+1)
	}
	return n, float64(n) * math.Sqrt((3*math.Ln2-1)/hllRegisters)
}

// Keys returns the keys, ascending; ok is false if there are more than the limit, so that they are counted but not kept.
func (d *Distinct[K]) Keys() (keys []K, ok bool) {
	if d.registers != nil {
		return nil, false
	}
	return slices.Sorted(maps.Keys(d.keys)), true
}
