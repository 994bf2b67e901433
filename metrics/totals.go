package metrics

import (
	"cmp"
	"iter"
	"maps"
	"math"
	"reflect"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// Totals are sums by key: bookings by customer, deals by rep, pipeline by region. They are exact, and say how the whole is
// concentrated: see [Totals.TopShare], [Totals.HHI] and [Totals.Gini].
//
// A key is there as soon as anything was added to it, be it 0, and until all of that is taken away: a rep who sold nothing, and
// a customer whose refunds have eaten up the bookings, count as keys with a total of 0.
//
// The zero value is empty and is the identity of [Totals.Merge]. Totals take some 100 bytes for each key beside the key
// itself; to add takes constant time on average. Reads change nothing. Totals must not be copied once in use, nor used from
// several goroutines while one of them changes them.
type Totals[K cmp.Ordered, N Exact] struct {
	sums []keySum[K] // in any order
	at   map[K]int   // where the sum of a key is
	last int         // the one that was added to last: rows often come in order
}

// keySum is what was added to one key.
type keySum[K cmp.Ordered] struct {
	key K
	sum exact.Num
	n   int64 // how many amounts; 1 or more
}

// Add adds an amount to the total of a key. A float key of -0 is 0.
//
// Add returns an error ([ErrInput]), and adds nothing, if:
//   - key is text that is not valid UTF-8, or a float that is infinite or not a number
//   - x is a decimal out of bounds
//   - the total would be beyond the type N, or, of decimals, 10^46 or more away from 0
//   - there are 2^63-1 amounts of the key already
func (t *Totals[K, N]) Add(key K, x N) error {
	if t.last >= len(t.sums) || t.sums[t.last].key != key {
		at, ok := t.at[key]
		if !ok {
			return t.addFirst(key, x)
		}
		t.last = at
	}
	of := &t.sums[t.last]
	amount, ok := numOf(x)
	if !ok {
		return &Error{ID: keyText(key), Path: "amount", Msg: outOfBounds, Err: ErrInput}
	}
	sum := of.sum.Add(amount)
	if fault := totalFault[N](sum, of.n, 1); fault != "" {
		return &Error{ID: keyText(key), Path: "total", Msg: fault, Err: ErrInput}
	}
	of.sum, of.n = sum, of.n+1
	return nil
}

// addFirst adds the first amount of a key.
func (t *Totals[K, N]) addFirst(key K, x N) error {
	key, msg := admitKey(key)
	if msg != "" {
		return &Error{Path: "key", Value: keyText(key), Msg: msg, Err: ErrInput}
	}
	amount, ok := numOf(x)
	if !ok {
		return &Error{ID: keyText(key), Path: "amount", Msg: outOfBounds, Err: ErrInput}
	}
	t.last = len(t.sums)
	t.put(keySum[K]{key: key, sum: amount, n: 1})
	return nil
}

// put adds the sum of a key that is not there.
func (t *Totals[K, N]) put(of keySum[K]) {
	if t.at == nil {
		t.at = map[K]int{}
	}
	t.at[of.key] = len(t.sums)
	t.sums = append(t.sums, of)
}

// Merge adds the totals of o, which stay as they are. nil is empty; t may be o.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if a total would be out of bounds as in [Totals.Add].
func (t *Totals[K, N]) Merge(o *Totals[K, N]) error {
	return t.change(o, func(mine, theirs *keySum[K]) (exact.Num, int64, string) {
		sum := mine.sum.Add(theirs.sum)
		return sum, mine.n + theirs.n, totalFault[N](sum, mine.n, theirs.n)
	})
}

// Sub takes the totals of o away, which stay as they are: the inverse of [Totals.Merge]. nil is empty; t may be o.
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if o cannot be a part of t: it has more amounts of a key, or as
// many with another total; or if what is left would be out of bounds as in [Totals.Add].
func (t *Totals[K, N]) Sub(o *Totals[K, N]) error {
	return t.change(o, func(mine, theirs *keySum[K]) (exact.Num, int64, string) {
		sum, n := mine.sum.Sub(theirs.sum), mine.n-theirs.n
		if n < 0 || n == 0 && !sum.IsZero() {
			return sum, n, "does not hold all that is to be taken away: only what was added or merged can be"
		}
		return sum, n, totalFault[N](sum, n, 0)
	})
}

// change replaces the sums of all keys of o by what comes of them, once it has seen that none comes to a fault; else it tells of the
// first by key.
func (t *Totals[K, N]) change(o *Totals[K, N], by func(mine, theirs *keySum[K]) (sum exact.Num, n int64, fault string)) error {
	if o == nil || len(o.sums) == 0 {
		return nil
	}
	at := make([]int, len(o.sums)) // -1 if the key is new
	var none keySum[K]
	var first *K
	var msg string
	next := 0 // where the key is if both have the keys in the same order
	for i := range o.sums {
		theirs, mine := &o.sums[i], &none
		there := next < len(t.sums) && t.sums[next].key == theirs.key
		if at[i] = next; !there {
			at[i], there = t.at[theirs.key]
		}
		if there {
			mine, next = &t.sums[at[i]], at[i]+1
		} else {
			at[i] = -1
		}
		if _, _, fault := by(mine, theirs); fault != "" && (first == nil || theirs.key < *first) {
			first, msg = &theirs.key, fault
		}
	}
	if first != nil {
		return &Error{ID: keyText(*first), Path: "total", Msg: msg, Err: ErrMismatch}
	}
	gone := false
	for i := range at {
		if at[i] < 0 {
			of := keySum[K]{key: o.sums[i].key}
			of.sum, of.n, _ = by(&none, &o.sums[i])
			t.put(of)
			continue
		}
		mine := &t.sums[at[i]]
		mine.sum, mine.n, _ = by(mine, &o.sums[i])
		gone = gone || mine.n == 0
	}
	if gone {
		t.sweep()
	}
	return nil
}

// sweep removes the keys of which no amount is left.
func (t *Totals[K, N]) sweep() {
	for i := len(t.sums) - 1; i >= 0; i-- {
		if t.sums[i].n > 0 {
			continue
		}
		delete(t.at, t.sums[i].key)
		last := len(t.sums) - 1
		if i != last {
			t.sums[i] = t.sums[last]
			t.at[t.sums[i].key] = i
		}
		t.sums[last] = keySum[K]{} // lets go of the key
		t.sums = t.sums[:last]
	}
}

// Clone returns a copy.
func (t *Totals[K, N]) Clone() *Totals[K, N] {
	return &Totals[K, N]{sums: slices.Clone(t.sums), at: maps.Clone(t.at)}
}

// Len returns the number of keys, those with a total of 0 included.
func (t *Totals[K, N]) Len() int { return len(t.sums) }

// Of returns the total of a key; ok is false if nothing was added to it.
func (t *Totals[K, N]) Of(key K) (sum N, ok bool) {
	at, ok := t.at[key]
	if !ok {
		return sum, false
	}
	return ofNum[N](t.sums[at].sum)
}

// All returns the keys, ascending, with their totals. Putting them in order takes O(n log n) time.
func (t *Totals[K, N]) All() iter.Seq2[K, N] {
	return func(yield func(K, N) bool) {
		for _, of := range t.sorted() {
			if sum, ok := ofNum[N](of.sum); ok && !yield(of.key, sum) {
				return
			}
		}
	}
}

// Sum returns the sum of all totals, 0 if there is none. It is a decimal, as it may be beyond the type of the totals.
func (t *Totals[K, N]) Sum() decimal.Decimal { return sumOfNums(t.nums()).Decimal() }

// KeyTotal is the total of one key.
type KeyTotal[K cmp.Ordered, N Exact] struct {
	// Key is the key.
	Key K `json:"key"`
	// Total is the sum of its amounts.
	Total N `json:"total"`
	// Count is how many amounts were added, 1 or more.
	Count int64 `json:"count"`
}

// Top returns the k greatest totals, the greatest first, those that are equal by key; all if there are no more than k, and
// none if k is 0 or less. It takes O(n log n) time.
func (t *Totals[K, N]) Top(k int) []KeyTotal[K, N] {
	all := slices.Clone(t.sums)
	slices.SortFunc(all, func(a, b keySum[K]) int { return cmp.Or(b.sum.Cmp(a.sum), cmp.Compare(a.key, b.key)) })
	top := make([]KeyTotal[K, N], 0, min(max(k, 0), len(all)))
	for _, of := range all[:cap(top)] {
		sum, _ := ofNum[N](of.sum)
		top = append(top, KeyTotal[K, N]{Key: of.key, Total: sum, Count: of.n})
	}
	return top
}

// sorted returns a copy of the sums, ascending by key.
func (t *Totals[K, N]) sorted() []keySum[K] {
	all := slices.Clone(t.sums)
	slices.SortFunc(all, func(a, b keySum[K]) int { return cmp.Compare(a.key, b.key) })
	return all
}

// nums returns the totals in any order.
func (t *Totals[K, N]) nums() []exact.Num {
	nums := make([]exact.Num, len(t.sums))
	for i := range t.sums {
		nums[i] = t.sums[i].sum
	}
	return nums
}

// totalFault says what is wrong with a total of so many amounts and more, "" if nothing is.
func totalFault[N Exact](sum exact.Num, n, more int64) string {
	switch {
	case n > math.MaxInt64-more:
		return "has 2^63-1 amounts already: add fewer"
	case !holdsTotal[N](sum):
		return "is beyond its type, or has more than 64 digits: count in larger units, or with decimals"
	}
	return ""
}

// holdsTotal reports whether a sum of numbers of the type is within the bounds of the type: for decimals 10^46, which leaves 64
// digits with the 18 decimals that they may have.
func holdsTotal[N Exact](sum exact.Num) bool {
	v, exp, small := sum.Small()
	switch any((*N)(nil)).(type) {
	case *int64, *time.Duration:
		return small && exp == 0
	case *decimal.Decimal:
		return small && exp <= 18 || sum.Abs().Cmp(exact.New(1, 46)) < 0
	}
	if t := reflect.TypeFor[N](); t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64 {
		return small && exp == 0 && !t.OverflowInt(v)
	}
	_, ok := ofNum[N](sum)
	return ok
}
