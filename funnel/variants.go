package funnel

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/salesops-go/salesops/internal/multiset"
)

// Variants counts the cases of an event log by the sequence of their activities (van der Aalst 2016, Process Mining,
// https://doi.org/10.1007/978-3-662-49851-4), with the throughput times of each sequence. A case is a [Journey], read as [Graph]
// reads it.
//
// The zero value is empty and is the identity of [Variants.Merge]. A variant takes about 60 bytes and 1 byte for each event
// of its sequence (2 from the 129th different activity on), and from its second case on its throughput times as [Durations].
// To add a case takes constant time per event, and allocates nothing but the room for what is new. Variants must not be copied
// once in use, nor used from several goroutines while one of them changes them.
type Variants struct {
	activities activities
	paths      variantPaths
	list       []variantTimes // by number of path
	gone       int            // of the list, that have no case any more
	cases      int64
	key        []byte // the path of the last journey, for use again
}

// variantTimes are the throughput times of a variant.
type variantTimes struct {
	n   int64
	one int64         // if n is 1, and set is nil
	set *multiset.Set // if n is 2 or more, or was
}

// Add counts a case. It returns an error, and counts nothing, under the conditions of [Graph.Add].
func (v *Variants) Add(j Journey) error {
	c, err := v.activities.read(j)
	if err != nil {
		return err
	}
	if v.cases == math.MaxInt64 {
		return &Error{ID: j.ID, Msg: "there are 2^63-1 cases already: merge fewer", Err: ErrInput}
	}
	v.key = v.key[:0]
	for _, id := range c.path {
		v.key = binary.AppendUvarint(v.key, uint64(id))
	}
	v.variant(v.key).merge(&variantTimes{n: 1, one: c.span})
	v.cases++
	return nil
}

// variant returns the times of a variant, to be added to.
func (v *Variants) variant(path []byte) *variantTimes {
	i, isNew := v.paths.number(path)
	if isNew {
		v.list = append(v.list, variantTimes{})
	} else if v.list[i].n == 0 {
		v.gone--
	}
	return &v.list[i]
}

// merge adds the times of o, of which there are not too many, and which may be t.
func (t *variantTimes) merge(o *variantTimes) {
	switch {
	case o.set != nil:
		t.set = t.all()
		t.set.Merge(o.set)
	case o.n == 1 && t.n == 0:
		t.one = o.one
	case o.n == 1:
		t.set = t.all()
		t.set.Add(o.one)
	}
	t.n += o.n
}

// all returns the times. The caller may change them if it sets t.set to them.
func (t *variantTimes) all() *multiset.Set {
	if t.set != nil {
		return t.set
	}
	s := new(multiset.Set)
	if t.n == 1 {
		s.Add(t.one)
	}
	return s
}

// Merge adds the cases of o, which stays as it is. nil is empty; v may be o.
//
// Merge returns an error ([ErrMismatch]), and changes nothing, if there were more than 2^63-1 cases.
func (v *Variants) Merge(o *Variants) error {
	if o == nil {
		return nil
	}
	if o.cases > math.MaxInt64-v.cases {
		return errTooMany("cases")
	}
	ids := make([]int32, len(o.activities.names))
	for i, name := range o.activities.names {
		ids[i] = v.activities.id(name)
	}
	for i := range o.list {
		if o.list[i].n > 0 {
			v.key = renumber(v.key[:0], o.paths.path(i), ids)
			v.variant(v.key).merge(&o.list[i])
		}
	}
	v.cases += o.cases
	return nil
}

// renumber appends a path with other numbers for its activities.
func renumber(key, path []byte, ids []int32) []byte {
	for len(path) > 0 {
		var id int32
		id, path = firstStep(path)
		key = binary.AppendUvarint(key, uint64(ids[id]))
	}
	return key
}

// Sub takes the cases of o away, which stays as it is: the inverse of [Variants.Merge], for windows that slide. nil is empty;
// v may be o.
//
// Sub returns an error ([ErrMismatch]), and changes nothing, if v does not hold them.
func (v *Variants) Sub(o *Variants) error {
	if o == nil {
		return nil
	}
	ids := make([]int32, len(o.activities.names))
	for i, name := range o.activities.names {
		id, ok := v.activities.ids[name]
		if !ok {
			id = math.MaxInt32 // is in no path
		}
		ids[i] = id
	}
	minus := make([]int, len(o.list)) // the variants of v
	for i := range o.list {
		if o.list[i].n == 0 {
			continue
		}
		v.key = renumber(v.key[:0], o.paths.path(i), ids)
		k, ok := v.paths.find(v.key)
		if !ok || !v.list[k].all().Holds(o.list[i].all()) {
			return errNotHeld("variants")
		}
		minus[i] = k
	}
	v.cases -= o.cases
	for i := range o.list {
		if o.list[i].n == 0 {
			continue
		}
		x, rest := &v.list[minus[i]], v.list[minus[i]].all()
		rest.Sub(o.list[i].all())
		x.set, x.n = rest, rest.Len()
		if x.n == 0 {
			*x = variantTimes{}
			v.gone++
		}
	}
	if 2*v.gone > len(v.list) {
		v.shrink()
	}
	return nil
}

// shrink drops the variants that have no case any more.
func (v *Variants) shrink() {
	s := Variants{activities: v.activities, cases: v.cases}
	for i := range v.list {
		if v.list[i].n > 0 {
			*s.variant(v.paths.path(i)) = v.list[i]
		}
	}
	*v = s
}

// Len returns the number of variants.
func (v *Variants) Len() int { return len(v.list) - v.gone }

// Cases returns the number of cases.
func (v *Variants) Cases() int64 { return v.cases }

// Variant is a sequence of activities, and the cases that took it.
type Variant struct {
	// Activities are the activities in order.
	Activities []string `json:"activities"`
	// Share is how many of the cases took it.
	Share Ratio `json:"share"`
	// DurationSummary tells how many, and of their throughput times in nanoseconds.
	DurationSummary
}

// Top returns the n variants that most cases took, all of them if n is Len or more, none if n is not positive. Of equally
// frequent ones that comes first whose sequence does, compared activity by activity. It takes time in proportion to the number
// of variants, times log n.
func (v *Variants) Top(n int) []Variant {
	list := []Variant{}
	for _, i := range v.top(n) {
		x := &v.list[i]
		s, _ := summarize(x.all())
		list = append(list, Variant{Activities: v.names(i), Share: Ratio{x.n, v.cases}, DurationSummary: s})
	}
	return list
}

// top returns the numbers of the n most frequent variants, in order.
func (v *Variants) top(n int) []int {
	if n <= 0 {
		return nil
	}
	_, rank := v.order()
	compare := func(i, j int) int {
		return cmp.Or(cmp.Compare(v.list[j].n, v.list[i].n), comparePaths(v.paths.path(i), v.paths.path(j), rank))
	}
	var best []int // the n best so far, in order if full, and as many again that may be among them
	full := false
	for i := range v.list {
		if v.list[i].n == 0 || full && compare(i, best[n-1]) > 0 {
			continue
		}
		if best = append(best, i); len(best)/2 >= n {
			slices.SortFunc(best, compare)
			best, full = best[:n], true
		}
	}
	slices.SortFunc(best, compare)
	return best[:min(n, len(best))]
}

// order returns the numbers of the activities that are in a variant, by name, and for each number its place among them.
func (v *Variants) order() (ids, rank []int32) {
	used := make([]bool, len(v.activities.names))
	for i := range v.list {
		if v.list[i].n == 0 {
			continue
		}
		var id int32
		for path := v.paths.path(i); len(path) > 0; used[id] = true {
			id, path = firstStep(path)
		}
	}
	return v.activities.sorted(func(id int32) bool { return used[id] })
}

// comparePaths compares sequences by the ranks of their activities.
func comparePaths(a, b []byte, rank []int32) int {
	for len(a) > 0 && len(b) > 0 {
		var i, j int32
		i, a = firstStep(a)
		j, b = firstStep(b)
		if i != j {
			return cmp.Compare(rank[i], rank[j])
		}
	}
	return cmp.Compare(len(a), len(b))
}

// names returns the activities of a variant.
func (v *Variants) names(i int) []string {
	names := []string{}
	for path := v.paths.path(i); len(path) > 0; {
		var id int32
		id, path = firstStep(path)
		names = append(names, v.activities.names[id])
	}
	return names
}

// Times returns a copy of the throughput times of the cases that took just these activities, in nanoseconds; ok is false if
// none did.
func (v *Variants) Times(activities ...string) (d *Durations, ok bool) {
	var key []byte
	for _, name := range activities {
		id, ok := v.activities.ids[name]
		if !ok {
			return nil, false
		}
		key = binary.AppendUvarint(key, uint64(id))
	}
	i, ok := v.paths.find(key)
	if !ok || v.list[i].n == 0 {
		return nil, false
	}
	return &Durations{s: *v.list[i].all().Clone()}, true
}
