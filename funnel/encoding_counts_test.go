package funnel_test

import (
	"encoding"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/salesops-go/salesops/funnel"
	"github.com/salesops-go/salesops/internal/wire"
)

// Each of these is a text of the right form with contents that cannot be.
func TestCounts_rejects(t *testing.T) {
	gap := `"gap":{"count":1,"ticks":[[5,1]]}`
	since := `"since":{"count":1,"ticks":[[5,1]]}`
	strRejects(t, []strReject{
		{new(funnel.Counts), "counts from 1", `{"levels":[{"level":1,"entities":1}]}`},
		{new(funnel.Counts), "a negative count", `{"levels":[{"level":0,"entities":-1},{"level":1,"entities":1}]}`},
		{new(funnel.Counts), "a negative number in flight", `{"levels":[{"level":0,"entities":1,"inFlight":-1}]}`},
		{new(funnel.Counts), "a negative number voided", `{"levels":[{"level":0,"entities":1,"voided":-1}]}`},
		{new(funnel.Counts), "more in flight than there are", `{"levels":[{"level":0,"entities":1,"inFlight":2}]}`},
		{new(funnel.Counts), "more voided than there are", `{"levels":[{"level":0,"entities":1,"voided":2}]}`},
		{new(funnel.Counts), "a last level without entities", `{"levels":[{"level":0,"entities":1},{"level":1,"entities":0}]}`},
		{new(funnel.Counts), "too many entities together", `{"levels":[{"level":0,"entities":1},{"level":1,"entities":9223372036854775807}]}`},
		{new(funnel.Counts), "too many levels", `{"levels":[` + strings.Repeat(`{},`, 33) + `{"entities":1}]}`},
		{new(funnel.Counts), "times of the first step", `{"levels":[{"level":0,"entities":0},{"level":1,"entities":1,` + gap + `,` + since + `}]}`},
		{new(funnel.Counts), "times from the step before alone", `{"levels":[{"level":0,"entities":0},{"level":1,"entities":0},{"level":2,"entities":1,` + gap + `}]}`},
		{new(funnel.Counts), "times from the first alone", `{"levels":[{"level":0,"entities":0},{"level":1,"entities":0},{"level":2,"entities":1,` + since + `}]}`},
		{new(funnel.Counts), "more times than entities", `{"levels":[{"level":0,"entities":9},{"level":1,"entities":9},{"level":2,"entities":0,` + gap + `,` + since + `},{"level":3,"entities":0}]}`},
		{new(funnel.Counts), "an unknown field", `{"levels":[],"of":1}`},
		{new(funnel.Counts), "more behind it", `{"levels":[]}{}`},

		{new(funnel.Breakdown), "a group without entities", `{"groups":[{"group":"a","counts":{"levels":[]}}]}`},
		{new(funnel.Breakdown), "groups that do not ascend", `{"groups":[{"group":"b","counts":{"levels":[{"level":0,"entities":1}]}},{"group":"a","counts":{"levels":[{"level":0,"entities":1}]}}]}`},
		{new(funnel.Breakdown), "a group twice", `{"groups":[{"group":"a","counts":{"levels":[{"level":0,"entities":1}]}},{"group":"a","counts":{"levels":[{"level":0,"entities":1}]}}]}`},
		{new(funnel.Breakdown), "too many entities together", `{"groups":[{"group":"a","counts":{"levels":[{"level":0,"entities":9223372036854775807}]}},{"group":"b","counts":{"levels":[{"level":0,"entities":1}]}}]}`},
		{new(funnel.Breakdown), "counts that are none", `{"groups":[{"group":"a","counts":{"levels":[{"level":0,"entities":1,"voided":2}]}}]}`},

		{new(funnel.Retention), "a cohort without a day", `{"cohorts":[{"cohort":{"start":"2026-01-01","end":"2026-01-01"},"met":[1]}]}`},
		{new(funnel.Retention), "cohorts that do not ascend", `{"cohorts":[{"cohort":{"start":"2026-02-01"},"met":[1]},{"cohort":{"start":"2026-01-01"},"met":[1]}]}`},
		{new(funnel.Retention), "a cohort twice", `{"cohorts":[{"cohort":{},"met":[1]},{"cohort":{},"met":[1]}]}`},
		{new(funnel.Retention), "no condition", `{"cohorts":[{"cohort":{},"met":[]}]}`},
		{new(funnel.Retention), "none who met the first", `{"cohorts":[{"cohort":{},"met":[0]}]}`},
		{new(funnel.Retention), "zeros behind the last", `{"cohorts":[{"cohort":{},"met":[1,0]}]}`},
		{new(funnel.Retention), "more than met the first", `{"cohorts":[{"cohort":{},"met":[1,2]}]}`},
		{new(funnel.Retention), "a negative count", `{"cohorts":[{"cohort":{},"met":[2,-1,1]}]}`},
		{new(funnel.Retention), "too many conditions", `{"cohorts":[{"cohort":{},"met":[1` + strings.Repeat(",1", 32) + `]}]}`},
	})
	const options = `"options":{"steps":2,"window":10}`
	strRejects(t, []strReject{
		{new(funnel.Slice), "times without options", `{"first":1,"last":2}`},
		{new(funnel.Slice), "options that are none", `{"options":{"steps":0,"window":10}}`},
		{new(funnel.Slice), "options of a matcher", `{"options":{"steps":2,"window":10,"order":"any"}}`},
		{new(funnel.Slice), "a first time alone", `{` + options + `,"first":1,"done":[[],[]]}`},
		{new(funnel.Slice), "a last time alone", `{` + options + `,"last":1,"done":[[],[]]}`},
		{new(funnel.Slice), "an end before the start", `{` + options + `,"first":2,"last":1,"done":[[],[]]}`},
		{new(funnel.Slice), "too few levels", `{` + options + `,"first":1,"last":2,"done":[[]]}`},
		{new(funnel.Slice), "too many levels", `{` + options + `,"first":1,"last":2,"done":[[],[],[]]}`},
		{new(funnel.Slice), "too many steps", `{` + options + `,"first":1,"last":2,"done":[[1],[1,2]],"starts":[1]}`},
		{new(funnel.Slice), "a time before the first", `{` + options + `,"first":1,"last":2,"done":[[],[0]]}`},
		{new(funnel.Slice), "a time after the last", `{` + options + `,"first":1,"last":2,"done":[[],[3]]}`},
		{new(funnel.Slice), "time goes back", `{` + options + `,"first":1,"last":3,"done":[[3,2],[2]],"starts":[3]}`},
		{new(funnel.Slice), "two steps without the second", `{` + options + `,"first":1,"last":3,"done":[[1,2],[]],"starts":[1]}`},
		{new(funnel.Slice), "two steps before the second", `{` + options + `,"first":1,"last":3,"done":[[1,2],[3]],"starts":[1]}`},
		{new(funnel.Slice), "a step without a start", `{` + options + `,"first":1,"last":3,"done":[[1],[]]}`},
		{new(funnel.Slice), "more starts than steps", `{` + options + `,"first":1,"last":3,"done":[[1],[1]],"starts":[1,1]}`},
		{new(funnel.Slice), "too many starts", `{` + options + `,"first":1,"last":3,"done":[[1,1],[1]],"starts":[1,1,1]}`},
		{new(funnel.Slice), "a start before the first step", `{` + options + `,"first":1,"last":3,"done":[[2],[]],"starts":[1]}`},
		{new(funnel.Slice), "a start after the last event", `{` + options + `,"first":1,"last":3,"done":[[2],[]],"starts":[4]}`},
		{new(funnel.Slice), "starts that rise", `{` + options + `,"first":1,"last":3,"done":[[1,2],[2]],"starts":[1,2]}`},
	})
}

// The same in binary form.
func TestCounts_rejectsBinary(t *testing.T) {
	one := func(b []byte) []byte { return append(b, 1, 1, 0, 0) } // counts of one entity at level 0
	huge := func(b []byte) []byte { return append(wire.Uint(append(b, 1), 1<<63-1), 0, 0) }
	durations := []byte{1, 10, 1} // one of 5 ticks
	head := func(kind byte, rest ...byte) []byte { return append(wire.Head(nil, kind, 1), rest...) }
	for _, c := range []struct {
		name string
		v    encoding.BinaryUnmarshaler
		data []byte
	}{
		{"counts: more in flight than there are", new(funnel.Counts), head('C', 1, 1, 2, 0)},
		{"counts: more voided than there are", new(funnel.Counts), head('C', 1, 1, 0, 2)},
		{"counts: a last level without entities", new(funnel.Counts), head('C', 1, 0, 0, 0)},
		{"counts: too many levels", new(funnel.Counts), head('C', append([]byte{34}, make([]byte, 34*5)...)...)},
		{"counts: other times from the step before than from the first", new(funnel.Counts), head('C', append([]byte{3, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0}, durations...)...)},
		{"counts: a negative time", new(funnel.Counts), head('C', 3, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1)},
		{"counts: another kind", new(funnel.Counts), head('B', 0)},
		{"breakdown: groups that do not ascend", new(funnel.Breakdown), one(append(one(head('B', 2, 1, 'b')), 1, 'a'))},
		{"breakdown: a group twice", new(funnel.Breakdown), one(append(one(head('B', 2, 1, 'a')), 1, 'a'))},
		{"breakdown: a group without entities", new(funnel.Breakdown), head('B', 1, 2, 'a', 'b', 0, 0, 0)},
		{"breakdown: a group that is no text", new(funnel.Breakdown), one(head('B', 1, 1, 0xff))},
		{"breakdown: too many entities together", new(funnel.Breakdown), huge(append(huge(head('B', 2, 1, 'a')), 1, 'b'))},
		{"retention: a cohort twice", new(funnel.Retention), head('R', 2, 0, 0, 1, 1, 0, 0, 1, 1)},
		{"retention: cohorts that do not ascend", new(funnel.Retention), head('R', 2, 2, 0, 1, 1, 1, 0, 1, 1)},
		{"retention: a cohort without a day", new(funnel.Retention), head('R', 1, 2, 2, 1, 1)},
		{"retention: the first condition is missing", new(funnel.Retention), head('R', 1, 0, 0, 2, 1)},
		{"retention: none met it", new(funnel.Retention), head('R', 1, 0, 0, 1, 0)},
		{"retention: none met another", new(funnel.Retention), head('R', 1, 0, 0, 3, 1, 0)},
		{"retention: more than met the first", new(funnel.Retention), head('R', 1, 0, 0, 3, 1, 2)},
		{"retention: a day beyond all", new(funnel.Retention), append(wire.Uint(head('R', 1), 3_652_060), 0, 1, 1)},
		{"slice: options that are none", new(funnel.Slice), head('S', 2, 0, 0, 0, 0, 0)},
		{"slice: an end beyond all time", new(funnel.Slice), wire.Uint(wire.Int(head('S', 1, 20, 0, 0, 0, 1), 1<<62), 1<<63)},
		{"slice: a step without a start", new(funnel.Slice), head('S', 1, 20, 0, 0, 0, 1, 0, 0, 1, 0, 0)},
	} {
		if err := c.v.UnmarshalBinary(c.data); !errors.Is(err, funnel.ErrEncoding) {
			t.Errorf("%s: %v, want ErrEncoding", c.name, err)
		}
	}
	// The forms that these break are right.
	for _, c := range []struct {
		v    encoding.BinaryUnmarshaler
		data []byte
	}{
		{new(funnel.Counts), head('C', 1, 1, 1, 1)},
		{new(funnel.Counts), head('C', append(append([]byte{3, 0, 0, 0, 0, 0, 0, 1, 0, 0}, durations...), durations...)...)},
		{new(funnel.Breakdown), one(append(one(head('B', 2, 1, 'a')), 1, 'b'))},
		{new(funnel.Retention), head('R', 2, 1, 0, 1, 1, 2, 0, 3, 1, 1)},
		{new(funnel.Retention), append(wire.Uint(head('R', 1), 3_652_059), 0, 1, 1)},
		{new(funnel.Slice), head('S', 1, 20, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0)},
	} {
		if err := c.v.UnmarshalBinary(c.data); err != nil {
			t.Errorf("%x: %v", c.data, err)
		}
	}
}

type strReject struct {
	v    json.Unmarshaler
	name string
	text string
}

func strRejects(t *testing.T, rejects []strReject) {
	t.Helper()
	for _, c := range rejects {
		if err := c.v.UnmarshalJSON([]byte(c.text)); !errors.Is(err, funnel.ErrEncoding) {
			t.Errorf("%T: %s: %v, want ErrEncoding", c.v, c.name, err)
		}
	}
}
