package funnel

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"slices"

	"github.com/salesops-go/salesops/internal/multiset"
	"github.com/salesops-go/salesops/internal/wire"
)

// MarshalBinary returns the variants in binary form, which depends on nothing but the cases counted.
func (v Variants) MarshalBinary() ([]byte, error) {
	b := wire.Head(nil, 'V', 1)
	ids, rank := v.order()
	b = wire.Uint(b, uint64(len(ids)))
	for _, id := range ids {
		b = wire.String(b, v.activities.names[id])
	}
	b = wire.Uint(b, uint64(v.Len()))
	for _, i := range v.sequence(rank) {
		steps := 0
		for path := v.paths.path(i); len(path) > 0; steps++ {
			_, path = firstStep(path)
		}
		b = renumber(wire.Uint(b, uint64(steps)), v.paths.path(i), rank)
		if x := &v.list[i]; x.set != nil {
			b = x.set.Append(b)
		} else {
			b = multiset.AppendOne(b, x.one)
		}
	}
	return b, nil
}

// sequence returns the numbers of the variants by their sequences.
func (v *Variants) sequence(rank []int32) []int {
	order := make([]int, 0, v.Len())
	for i := range v.list {
		if v.list[i].n > 0 {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(i, j int) int { return comparePaths(v.paths.path(i), v.paths.path(j), rank) })
	return order
}

// UnmarshalBinary replaces v by the variants in binary form. It returns an error ([ErrEncoding]), and leaves v as it is, if
// data is not what [Variants.MarshalBinary] returns for any variants.
func (v *Variants) UnmarshalBinary(data []byte) error {
	r := wire.NewReader(data, 'V', 1)
	var d decodedVariants
	for range r.Count(2) {
		d.name(r.String())
	}
	for range r.Count(5) {
		d.v.key = d.v.key[:0]
		for range r.Count(1) {
			d.step(int32(r.Natural(math.MaxInt32)))
		}
		times := multiset.Read(r)
		if !r.OK() {
			break
		}
		d.variant(times)
	}
	d.end()
	if d.err != nil {
		r.Fail(d.err)
	}
	if err := r.Close(); err != nil {
		return errEncoding("variants", err)
	}
	*v = d.v
	return nil
}

// decodedVariants are variants that are made of what a text says. They keep the first fault.
type decodedVariants struct {
	v    Variants
	rank []int32 // by name, as they come
	err  error
}

func (d *decodedVariants) must(ok bool, err error) {
	if !ok && d.err == nil {
		d.err = err
	}
}

// name adds an activity. They come by name.
func (d *decodedVariants) name(name string) {
	d.must(d.v.activities.next(name), errLogNames)
	d.rank = append(d.rank, int32(len(d.rank)))
}

// step adds an activity to the path of the next variant.
func (d *decodedVariants) step(id int32) {
	d.must(int(id) < len(d.v.activities.names), errLogCounts)
	d.v.key = binary.AppendUvarint(d.v.key, uint64(id))
}

// variant adds the variant of the path. They come by their sequences, and the numbers of the activities by their names.
func (d *decodedVariants) variant(times *multiset.Set) {
	d.must(len(d.v.key) > 0, errLogUnused)
	if d.err != nil {
		return
	}
	least, ok := times.Min()
	most, _ := times.Max()
	d.must(ok, errLogUnused)
	d.must(least >= 0, errTicks)
	_, rest := firstStep(d.v.key)
	d.must(len(rest) > 0 || most == 0, errLogCounts) // one event takes no time
	d.must(times.Len() <= math.MaxInt64-d.v.cases, errLogCounts)
	if n := len(d.v.list); n > 0 {
		d.must(comparePaths(d.v.paths.path(n-1), d.v.key, d.rank) < 0, errLogOrder)
	}
	if d.err != nil {
		return
	}
	d.v.variant(d.v.key).merge(&variantTimes{n: times.Len(), one: least, set: times})
	d.v.cases += times.Len()
}

// end checks that all activities are in use.
func (d *decodedVariants) end() {
	if d.err != nil {
		return
	}
	ids, _ := d.v.order()
	d.must(len(ids) == len(d.v.activities.names), errLogUnused)
}

// variantsJSON is the JSON form of variants.
type variantsJSON struct {
	Cases    int64         `json:"cases"`
	Variants []variantJSON `json:"variants"`
}

type variantJSON struct {
	Activities []string      `json:"activities"`
	Throughput durationsJSON `json:"throughput"`
}

// MarshalJSON returns the variants as an object: the number of cases and, by their sequences, the variants with each
// different throughput time and its count, as [Durations.MarshalJSON] has them.
func (v Variants) MarshalJSON() ([]byte, error) {
	j := variantsJSON{Cases: v.cases, Variants: []variantJSON{}}
	_, rank := v.order()
	for _, i := range v.sequence(rank) {
		j.Variants = append(j.Variants, variantJSON{v.names(i), ticksJSON(v.list[i].all())})
	}
	return json.Marshal(j)
}

// UnmarshalJSON replaces v by the variants in JSON; null changes nothing. It returns an error ([ErrEncoding]), and leaves v as
// it is, if data is not the JSON of variants: it has other fields, items that do not ascend or counts that do not agree.
func (v *Variants) UnmarshalJSON(data []byte) error {
	if wire.IsNull(data) {
		return nil
	}
	var j variantsJSON
	if err := wire.StrictJSON(data, &j); err != nil {
		return errEncoding("variants", err)
	}
	var d decodedVariants
	var names []string
	for _, x := range j.Variants {
		names = append(names, x.Activities...)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		d.name(name)
	}
	for _, x := range j.Variants {
		d.v.key = d.v.key[:0]
		for _, name := range x.Activities {
			d.step(d.v.activities.ids[name])
		}
		times, err := x.Throughput.set()
		if d.must(err == nil, err); d.err != nil {
			break
		}
		d.variant(times)
	}
	d.must(j.Cases == d.v.cases, errLogCounts)
	if d.err != nil {
		return errEncoding("variants", d.err)
	}
	*v = d.v
	return nil
}
