package funnel

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/salesops-go/salesops/internal/fault"
	"github.com/salesops-go/salesops/internal/lifetime"
	"github.com/salesops-go/salesops/internal/wire"
)

// The binary form: head, the exits in order, and the counts of the histogram.
const (
	lifetimesKind    = 'L'
	lifetimesVersion = 1
)

// errExit is a fault of the text of a [Lifetimes].
var errExit = errors.New("holds an exit that is none, or that is out of order")

// MarshalBinary returns the binary form, which is the same for equal spells, however they were added: some 3 bytes for each
// tick with a count. It never fails.
func (l Lifetimes) MarshalBinary() ([]byte, error) {
	b := wire.Head(nil, lifetimesKind, lifetimesVersion)
	exits, causes := l.sorted()
	b = wire.Uint(b, uint64(len(exits)))
	for _, e := range exits {
		b = wire.String(b, string(e))
	}
	return l.h.Append(b, causes), nil
}

// sorted returns the exits in order, and the causes that stand for them.
func (l *Lifetimes) sorted() ([]Exit, []lifetime.Cause) {
	exits := l.Exits()
	causes := make([]lifetime.Cause, len(exits))
	for i, e := range exits {
		causes[i], _ = l.cause(e)
	}
	return exits, causes
}

// UnmarshalBinary replaces l with what [Lifetimes.MarshalBinary] encoded. It takes time and memory in proportion to the text,
// and accepts only what MarshalBinary returns for some spells.
//
// UnmarshalBinary returns an error ([ErrEncoding]), and changes nothing, if data is no such text.
func (l *Lifetimes) UnmarshalBinary(data []byte) error {
	r := wire.NewReader(data, lifetimesKind, lifetimesVersion)
	n := int(r.Natural(MaxExits))
	exits := make([]Exit, 0, n)
	for i := range n {
		e := Exit(r.String())
		if e.isOpen() || !utf8.ValidString(string(e)) || i > 0 && e <= exits[i-1] {
			r.Fail(errExit)
		}
		exits = append(exits, e)
	}
	h := lifetime.Read(r, n)
	if err := r.Close(); err != nil {
		return &Error{Path: "lifetimes", Msg: err.Error(), Err: ErrEncoding}
	}
	*l = Lifetimes{h: *h, exits: newExitSet(exits)}
	return nil
}

// lifetimesJSON is the JSON form of a [Lifetimes].
type lifetimesJSON struct {
	Ticks []lifetimesTick `json:"ticks"`
}

// lifetimesTick is what happens at a tick.
type lifetimesTick struct {
	Tick  int            `json:"tick"`
	Enter int64          `json:"enter,omitempty"` // how many spells begin to be at risk
	Leave map[Exit]int64 `json:"leave,omitempty"` // how many leave, by exit; "open" are those last seen then
}

// MarshalJSON returns the counts by tick:
//
//	{"ticks":[{"tick":0,"enter":3},{"tick":30,"leave":{"lost":1,"open":1,"won":1}}]}
//
// It never fails.
func (l Lifetimes) MarshalJSON() ([]byte, error) {
	out := lifetimesJSON{Ticks: []lifetimesTick{}}
	for row := range l.h.Rows() {
		t := lifetimesTick{Tick: row.Tick, Enter: row.Enter, Leave: map[Exit]int64{}}
		for c, n := range row.Exit {
			switch {
			case n == 0:
			case lifetime.Cause(c) == lifetime.Censored:
				t.Leave[Open] = n
			default:
				t.Leave[l.exits.names[c]] = n
			}
		}
		out.Ticks = append(out.Ticks, t)
	}
	return json.Marshal(out)
}

// UnmarshalJSON replaces l with what [Lifetimes.MarshalJSON] encoded; null changes nothing.
//
// UnmarshalJSON returns an error ([ErrEncoding]), and changes nothing, if:
//   - the text is no JSON of that form, or has other fields
//   - ticks are not ascending, or not from 0 to [MaxTick]
//   - a count is not positive, an exit is empty, or there are more than [MaxExits]
//   - at some tick more spells leave than are at risk, or some never leave
func (l *Lifetimes) UnmarshalJSON(text []byte) error {
	if bytes.Equal(bytes.TrimSpace(text), []byte("null")) {
		return nil
	}
	var in lifetimesJSON
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return &Error{Path: "lifetimes", Msg: "is no JSON of its form: " + err.Error(), Err: ErrEncoding}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return &Error{Path: "lifetimes", Msg: "goes on after its end", Err: ErrEncoding}
	}
	exits, err := in.exits()
	if err != nil {
		return err
	}
	at := -1
	h, err := lifetime.FromRows(func(yield func(lifetime.Row) bool) {
		row := lifetime.Row{Exit: make([]int64, 1+len(exits))}
		for i := range in.Ticks {
			at = i
			t := &in.Ticks[i]
			row.Tick, row.Enter, row.Exit[lifetime.Censored] = t.Tick, t.Enter, t.Leave[Open]
			for c, e := range exits {
				row.Exit[1+c] = t.Leave[e]
			}
			if !yield(row) {
				return
			}
		}
	})
	if err != nil {
		return &Error{Path: "lifetimes/ticks/" + strconv.Itoa(at), Msg: err.Error(), Err: ErrEncoding}
	}
	*l = Lifetimes{h: *h, exits: newExitSet(exits)}
	return nil
}

// exits returns the exits by which spells leave, sorted.
func (in *lifetimesJSON) exits() ([]Exit, error) {
	var exits []Exit
	for i, t := range in.Ticks {
		for _, e := range slices.Sorted(maps.Keys(t.Leave)) {
			at, found := slices.BinarySearch(exits, e)
			msg := ""
			switch {
			case e == "":
				msg = `must not be empty; spells that are open leave by "open"`
			case t.Leave[e] <= 0:
				msg = "must be positive"
			case e != Open && !found && len(exits) == MaxExits:
				msg = "is of one more than the " + strconv.Itoa(MaxExits) + " different exits that there may be"
			case e != Open && !found:
				exits = slices.Insert(exits, at, e)
			}
			if msg != "" {
				path := "lifetimes/ticks/" + strconv.Itoa(i) + "/leave/" + fault.Clip(string(e))
				return nil, &Error{Path: path, Value: strconv.FormatInt(t.Leave[e], 10), Msg: msg, Err: ErrEncoding}
			}
		}
	}
	return exits, nil
}
