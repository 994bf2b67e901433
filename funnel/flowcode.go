package funnel

import (
	"bytes"
	"encoding/json"
	"errors"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/wire"
)

// The binary form: head and the number of journeys, and if there are any, currency, stages, ends, whether deals may come back,
// and then all counts in the order of [flowCells], each zero a byte.
const (
	flowKind    = 'F'
	flowVersion = 1
)

// MarshalBinary returns the binary form, which is the same for equal journeys, however they were added. It never fails.
func (f Flow) MarshalBinary() ([]byte, error) {
	b := wire.Uint(wire.Head(nil, flowKind, flowVersion), uint64(f.journeys))
	if f.journeys == 0 {
		return b, nil
	}
	b = f.pipe.append(wire.String(b, f.currency))
	for _, s := range f.sums {
		if b = wire.Uint(b, uint64(s.n)); s.n > 0 {
			b = wire.Decimal(b, s.amount.Decimal())
		}
	}
	for _, n := range f.repeated {
		b = wire.Uint(b, uint64(n))
	}
	for _, counts := range [][]reachCount{f.reach.visited, f.reach.policy} {
		for _, c := range counts {
			if b = wire.Uint(b, uint64(c.all)); c.all > 0 {
				b = wire.Uint(b, uint64(c.open))
			}
		}
	}
	for i := range f.times {
		text, err := f.times[i].MarshalBinary()
		if err != nil {
			return nil, err
		}
		b = append(wire.Uint(b, uint64(len(text))), text...)
	}
	return b, nil
}

func (p *Pipeline) append(b []byte) []byte {
	b = wire.Uint(b, uint64(p.worked))
	b = wire.Uint(b, uint64(len(p.stages)-p.worked))
	reopens := uint64(0)
	if p.reopens {
		reopens = 1
	}
	b = wire.Uint(b, reopens)
	for _, s := range p.stages {
		b = wire.String(b, s.Key)
		if s.End != "" {
			b = wire.String(b, string(s.End))
		}
	}
	return b
}

// readPipeline reads what append wrote.
func readPipeline(r *wire.Reader) Pipeline {
	worked, ends := int(r.Natural(MaxStages)), int(r.Natural(MaxStages))
	reopens := r.Natural(1) == 1
	var stages []Stage
	for i := 0; i < worked+ends && r.OK(); i++ {
		s := Stage{Key: r.String()}
		if i >= worked {
			if s.End = Exit(r.String()); s.End.isOpen() {
				r.Fail(errFlowStages)
			}
		}
		stages = append(stages, s)
	}
	p, err := NewPipeline(stages...)
	if err != nil {
		r.Fail(errFlowStages)
	}
	p.reopens = reopens
	return p
}

// Faults of the text of a flow.
var (
	errFlowStages   = errors.New("holds stages that make no pipeline")
	errFlowTimes    = errors.New("holds times of a stage that cannot be")
	errFlowCurrency = errors.New("holds a currency that is no UTF-8")
)

// UnmarshalBinary replaces f with what [Flow.MarshalBinary] encoded. It takes time and memory in proportion to the text, and
// accepts only what MarshalBinary returns. Counts that no journeys have are refused as far as figures rely on them.
//
// UnmarshalBinary returns an error ([ErrEncoding]), and changes nothing, if data is no such text.
func (f *Flow) UnmarshalBinary(data []byte) error {
	r := wire.NewReader(data, flowKind, flowVersion)
	journeys := r.Natural(1<<63 - 1)
	if journeys == 0 {
		if err := r.Close(); err != nil {
			return errEncoding("flow", err)
		}
		*f = Flow{}
		return nil
	}
	currency := r.String()
	if !utf8.ValidString(currency) {
		r.Fail(errFlowCurrency)
	}
	p := readPipeline(r)
	n := len(p.stages)
	cells := flowCells{
		sums: readCells(r, n+p.worked+n*n, func() (s sum) {
			if s.n = r.Natural(1<<63 - 1); s.n > 0 {
				s.amount = exact.From(r.Decimal())
			}
			return s
		}),
		repeated: readCells(r, p.worked, func() int64 { return r.Natural(1<<63 - 1) }),
	}
	readCount := func() (c reachCount) {
		if c.all = r.Natural(1<<63 - 1); c.all > 0 {
			c.open = r.Natural(c.all)
		}
		return c
	}
	cells.visited = readCells(r, n*n, readCount)
	cells.policy = readCells(r, p.worked*n, readCount)
	cells.times = readCells(r, p.worked, func() (l Lifetimes) {
		if err := l.UnmarshalBinary([]byte(r.String())); err != nil {
			r.Fail(errFlowTimes)
		}
		return l
	})
	if err := r.Close(); err != nil {
		return errEncoding("flow", err)
	}
	return f.take(p, currency, journeys, cells)
}

// readCells reads so many cells, in memory as they come.
func readCells[T any](r *wire.Reader, n int, read func() T) (cells []T) {
	for len(cells) < n && r.OK() {
		cells = append(cells, read())
	}
	return cells
}

// take makes f the flow of the counts, if they are sound.
func (f *Flow) take(p Pipeline, currency string, journeys int64, cells flowCells) error {
	var in Flow
	in.lay(p, currency, cells)
	in.journeys = journeys
	for _, s := range in.start {
		in.moved = addCounts(in.moved, s.n)
	}
	for _, s := range in.moves {
		in.moved = addCounts(in.moved, s.n)
	}
	for _, n := range in.repeated {
		in.moved = addCounts(in.moved, n)
	}
	if what := in.unsound(); what != "" {
		return &Error{Path: "flow", Msg: "the text cannot be: " + what, Err: ErrEncoding}
	}
	*f = in
	return nil
}

// flowJSON is the JSON form of a [Flow].
type flowJSON struct {
	Journeys int64       `json:"journeys"`
	Currency string      `json:"currency,omitempty"`
	Stages   []Stage     `json:"stages,omitempty"`
	Reopens  bool        `json:"reopens,omitempty"`
	Moves    []moveJSON  `json:"moves,omitempty"`
	Open     []openJSON  `json:"open,omitempty"`
	Reached  []reachJSON `json:"reached,omitempty"`
	Times    []timesJSON `json:"times,omitempty"`
}

// moveJSON is the moves from one stage to another; from none are starts, and from a stage to itself repeats, without amount.
type moveJSON struct {
	From   string        `json:"from,omitempty"`
	To     string        `json:"to"`
	Count  int64         `json:"count"`
	Amount boundedAmount `json:"amount,omitzero"`
}

// openJSON is the visits of a stage that have not ended.
type openJSON struct {
	Stage  string        `json:"stage"`
	Count  int64         `json:"count"`
	Amount boundedAmount `json:"amount,omitzero"`
}

// reachJSON is the journeys that reached one stage from another; the same twice is those that were there.
type reachJSON struct {
	From       string   `json:"from"`
	To         string   `json:"to"`
	Visited    [2]int64 `json:"visited,omitzero"` // all, and those of them that are open
	Implied    [2]int64 `json:"implied,omitzero"`
	Contiguous [2]int64 `json:"contiguous,omitzero"`
}

// timesJSON is the times of a stage.
type timesJSON struct {
	Stage string    `json:"stage"`
	Times Lifetimes `json:"times"`
}

// boundedAmount is an amount that is read only if it is short.
type boundedAmount struct{ decimal.Decimal }

func (a *boundedAmount) UnmarshalJSON(text []byte) error {
	const most = 120 // characters, for at most 55 digits before the point and 18 after it
	if len(text) > most {
		return errors.New("an amount has too many digits")
	}
	if err := a.Decimal.UnmarshalJSON(text); err != nil {
		return errors.New("an amount is no number")
	}
	if e := a.Exponent(); e < -most || e > most {
		return errors.New("an amount is out of bounds")
	}
	return nil
}

// MarshalJSON returns the counts that are not 0, by the keys of stages. It never fails.
func (f Flow) MarshalJSON() ([]byte, error) {
	if f.journeys == 0 {
		return json.Marshal(flowJSON{})
	}
	n, worked := len(f.pipe.stages), f.pipe.worked
	key := func(node int) string { return f.pipe.stages[node].Key }
	out := flowJSON{Journeys: f.journeys, Currency: f.currency, Stages: f.pipe.Stages(), Reopens: f.pipe.reopens}
	for _, m := range f.Moves() {
		out.Moves = append(out.Moves, moveJSON{m.From, m.To, m.Count, boundedAmount{m.Amount}})
	}
	for node, count := range f.repeated {
		if count > 0 {
			out.Moves = append(out.Moves, moveJSON{From: key(node), To: key(node), Count: count})
		}
	}
	for node, s := range f.open {
		if s.n > 0 {
			out.Open = append(out.Open, openJSON{key(node), s.n, boundedAmount{s.amount.Decimal()}})
		}
	}
	for a := range n {
		for b := range n {
			c := reachJSON{From: key(a), To: key(b), Visited: f.reach.visited[a*n+b].pair()}
			if a < worked {
				if policy := f.reach.policy[a*n+b].pair(); f.pipe.asksImplied(a, b) {
					c.Implied = policy
				} else {
					c.Contiguous = policy
				}
			}
			if c.Visited[0]+c.Implied[0]+c.Contiguous[0] > 0 {
				out.Reached = append(out.Reached, c)
			}
		}
	}
	for node := range f.times {
		if f.times[node].Len() > 0 {
			out.Times = append(out.Times, timesJSON{key(node), f.times[node]})
		}
	}
	return json.Marshal(out)
}

func (c reachCount) pair() [2]int64 { return [2]int64{c.all, c.open} }

// asksImplied reports whether the cell of [reach.policy] is of Implied, and not of Contiguous.
func (p *Pipeline) asksImplied(a, b int) bool { return a == b || b >= p.worked && !p.isWon(b) }

// UnmarshalJSON replaces f with what [Flow.MarshalJSON] encoded; null changes nothing.
//
// UnmarshalJSON returns an error ([ErrEncoding]), and changes nothing, if:
//   - the text is no JSON of that form, or has other fields
//   - the stages make no pipeline, or a key is of none of them
//   - counts are given twice, or cannot be those of journeys
func (f *Flow) UnmarshalJSON(text []byte) error {
	if bytes.Equal(bytes.TrimSpace(text), []byte("null")) {
		return nil
	}
	var in flowJSON
	if err := wire.StrictJSON(text, &in); err != nil {
		return errEncoding("flow", err)
	}
	if in.Journeys == 0 {
		if in.Currency != "" || len(in.Stages)+len(in.Moves)+len(in.Open)+len(in.Reached)+len(in.Times) > 0 || in.Reopens {
			return errEncoding("flow", errors.New("of no journeys holds more than that"))
		}
		*f = Flow{}
		return nil
	}
	p, err := NewPipeline(in.Stages...)
	if err != nil {
		return errEncoding("flow", errFlowStages)
	}
	p.reopens = in.Reopens
	var out Flow
	out.init(p, in.Currency)
	if err := in.fill(&out); err != nil {
		return errEncoding("flow", err)
	}
	cells := flowCells{sums: out.sums, repeated: out.repeated, visited: out.reach.visited, policy: out.reach.policy, times: out.times}
	return f.take(p, in.Currency, in.Journeys, cells)
}

var (
	errFlowKey   = errors.New("has the key of no stage, or of one that cannot stand there")
	errFlowTwice = errors.New("has the same count twice, or one that is 0")
)

// fill puts the counts in their places.
func (in *flowJSON) fill(f *Flow) error {
	n, worked := len(f.pipe.stages), f.pipe.worked
	for _, m := range in.Moves {
		to, ok := f.pipe.index[m.To]
		from, known := f.pipe.index[m.From]
		switch {
		case !ok || !known && m.From != "":
			return errFlowKey
		case !known:
			ok = f.start[to].set(m.Count, m.Amount)
		case from != to:
			ok = f.moves[from*n+to].set(m.Count, m.Amount)
		case to >= worked || !m.Amount.IsZero():
			return errFlowKey
		default:
			ok = f.repeated[to] == 0 && m.Count != 0
			f.repeated[to] = m.Count
		}
		if !ok {
			return errFlowTwice
		}
	}
	for _, o := range in.Open {
		at, ok := f.pipe.index[o.Stage]
		if !ok || at >= worked {
			return errFlowKey
		}
		if !f.open[at].set(o.Count, o.Amount) {
			return errFlowTwice
		}
	}
	for _, c := range in.Reached {
		if err := f.fillReached(c); err != nil {
			return err
		}
	}
	for i := range in.Times {
		t := &in.Times[i]
		at, ok := f.pipe.index[t.Stage]
		if !ok || at >= worked {
			return errFlowKey
		}
		if f.times[at].Len() > 0 || t.Times.Len() == 0 {
			return errFlowTwice
		}
		f.times[at] = t.Times
	}
	return nil
}

// set sets a sum that was not set before.
func (s *sum) set(n int64, amount boundedAmount) bool {
	if s.n != 0 || n == 0 {
		return false
	}
	*s = sum{n, exact.From(amount.Decimal)}
	return true
}

// fillReached puts the counts of those that reached a stage from another in their places.
func (f *Flow) fillReached(c reachJSON) error {
	n := len(f.pipe.stages)
	a, ok := f.pipe.index[c.From]
	b, known := f.pipe.index[c.To]
	if !ok || !known {
		return errFlowKey
	}
	visited := &f.reach.visited[a*n+b]
	policy, other := c.Contiguous, c.Implied
	if f.pipe.asksImplied(a, b) {
		policy, other = other, policy
	}
	none := [2]int64{}
	switch {
	case other != none || policy != none && a >= f.pipe.worked:
		return errFlowKey
	case *visited != reachCount{}, c.Visited == none && policy == none:
		return errFlowTwice
	case a < f.pipe.worked:
		at := &f.reach.policy[a*n+b]
		if *at != (reachCount{}) {
			return errFlowTwice
		}
		*at = reachCount{policy[0], policy[1]}
	}
	*visited = reachCount{c.Visited[0], c.Visited[1]}
	return nil
}
