package funnel

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/salesops-go/salesops/internal/wire"
)

var errGroups = errors.New("has groups that are empty, do not ascend, hold too many entities together, or are not UTF-8")

// MarshalBinary returns the breakdown in binary form, which depends on nothing but what was counted: the groups, sorted.
func (b Breakdown) MarshalBinary() ([]byte, error) {
	out := wire.Uint(wire.Head(nil, 'B', 1), uint64(len(b.groups)))
	for _, group := range b.Groups() {
		out = b.groups[group].append(wire.String(out, group))
	}
	return out, nil
}

// UnmarshalBinary replaces b by the breakdown in binary form. It returns an error ([ErrEncoding]), and leaves b as it is, if
// data is not what [Breakdown.MarshalBinary] returns for any breakdown.
func (b *Breakdown) UnmarshalBinary(data []byte) error {
	r := wire.NewReader(data, 'B', 1)
	var in Breakdown
	last := ""
	for i := range r.Count(5) {
		group, c := r.String(), new(Counts)
		c.read(r)
		if r.OK() {
			if err := in.group(i, last, group, c); err != nil {
				r.Fail(err)
			}
		}
		if !r.OK() {
			break
		}
		last = group
	}
	if err := r.Close(); err != nil {
		return errEncoding("breakdown", err)
	}
	*b = in
	return nil
}

// group adds a group that was decoded, the i-th, behind the one before it.
func (b *Breakdown) group(i int, last, group string, c *Counts) error {
	n := c.Entities()
	if n == 0 || i > 0 && group <= last || n > math.MaxInt64-b.entities || !utf8.ValidString(group) {
		return errGroups
	}
	b.put(group, c)
	b.entities += n
	return nil
}

// breakdownJSON is the JSON form of a breakdown.
type breakdownJSON struct {
	Groups []groupJSON `json:"groups"`
}

type groupJSON struct {
	Group  string     `json:"group"`
	Counts countsJSON `json:"counts"`
}

// MarshalJSON returns the groups, sorted, each with its [Counts].
func (b Breakdown) MarshalJSON() ([]byte, error) {
	j := breakdownJSON{Groups: []groupJSON{}}
	for _, group := range b.Groups() {
		j.Groups = append(j.Groups, groupJSON{group, b.groups[group].json()})
	}
	return json.Marshal(j)
}

// UnmarshalJSON replaces b by the breakdown in JSON; null changes nothing. It returns an error ([ErrEncoding]), and leaves b as
// it is, if data is not what [Breakdown.MarshalJSON] returns for any breakdown, but for white space, the order of fields and
// the case of their names.
func (b *Breakdown) UnmarshalJSON(data []byte) error {
	if wire.IsNull(data) {
		return nil
	}
	var j breakdownJSON
	if err := wire.StrictJSON(data, &j); err != nil {
		return errEncoding("breakdown", err)
	}
	var in Breakdown
	last := ""
	for i, g := range j.Groups {
		c, err := g.Counts.counts()
		if err == nil {
			err = in.group(i, last, g.Group, c)
		}
		if err != nil {
			return errEncoding("groups/"+strconv.Itoa(i), err)
		}
		last = g.Group
	}
	*b = in
	return nil
}
