package funnel

import (
	"math"
	"strconv"
	"strings"

	"github.com/salesops-go/salesops/internal/fault"
)

// Sequence is a pattern that the events of one entity may match: a demo, then a proposal within a week, then no more than a
// month to the signature. [CompileSequence] makes one. Its zero value is the pattern "". It is immutable, and safe for
// concurrent use.
//
// The text of a pattern is a row of these:
//
//	(?N)     one event that satisfies condition N, 1 to [MaxSteps]: one whose Steps have bit N-1
//	.        one event, whatever it satisfies
//	.*       any number of events, or none
//	(?t<=S)  the time from the event taken before to the event taken next is at most S, in the unit of [Event] At;
//	         <, >, >= and == are the others; any number of events may lie between the two
//
// A match takes an event for each (?N) and each point, in order of time. Where nothing stands between two of these, their
// events follow each other directly: no event that satisfies any condition lies between. Those that satisfy none are no
// part of the sequence, so give what must be seen as in the way a condition of its own. Events of the same time follow
// each other as they stand. A match may begin anywhere.
//
// Matches are found from the left: of all matches the one whose first event comes first, of these the one whose second
// event comes first, and so on.
//
// This is the language of sequenceMatch, sequenceCount and sequenceMatchEvents of ClickHouse, but for what differs there
// from its own description: a time is always measured from the last event taken to the next, also if a .* stands beside it;
// nothing of attempts that were given up is reported; and no pattern is too slow, as the time grows with the number of
// events times 1 + the number of limits of time, and the memory with 8 bytes an event. Conditions of time that stand
// beside each other hold for the same two events.
type Sequence struct {
	pattern string
	takes   []take
	timed   []int            // the takes whose gap has limits of time
	by      [MaxSteps]uint64 // for each condition the takes, as bits, that want it
	any     uint64           // the takes that are content with any event
	joined  uint64           // the takes that follow directly
	loose   uint64           // the takes before which any events may lie, at any time
}

// take is one event that a match takes.
type take struct {
	condition int // from 0; -1 for any event
	free      bool
	// least and most limit the time since the event before.
	least, most uint64
}

// maxTakes is how many events a match can take: the bits of a word.
const maxTakes = 64

// CompileSequence makes a sequence of the text of a pattern.
//
// CompileSequence returns an error ([ErrInput]), with the position in the text as the path, if:
//   - the text holds what is none of the above
//   - a condition is not within 1 to [MaxSteps], or a time does not fit in 63 bits
//   - a match would take more than 64 events
//   - limits of time stand before the first event, behind the last, or leave no time
func CompileSequence(pattern string) (Sequence, error) {
	p := sequenceParser{text: pattern, next: freshGap(), limit: -1}
	for p.at < len(pattern) {
		if err := p.token(); err != nil {
			return Sequence{}, err
		}
	}
	if p.limit >= 0 {
		return Sequence{}, p.fault(p.limit, "has no event behind it to measure to")
	}
	return newSequence(pattern, p.takes), nil
}

// String returns the text of the pattern.
func (s Sequence) String() string { return s.pattern }

func newSequence(pattern string, takes []take) Sequence {
	s := Sequence{pattern: pattern, takes: takes}
	for k, t := range takes {
		bit := uint64(1) << k
		if t.condition < 0 {
			s.any |= bit
		} else {
			s.by[t.condition] |= bit
		}
		switch {
		case k == 0:
		case t.timed():
			s.timed = append(s.timed, k)
		case t.free:
			s.loose |= bit
		default:
			s.joined |= bit
		}
	}
	return s
}

// freshGap is the take of the next token, before anything of it was read.
func freshGap() take { return take{most: math.MaxUint64} }

func (t take) timed() bool { return t.least > 0 || t.most < math.MaxUint64 }

// sequenceParser reads a pattern.
type sequenceParser struct {
	text  string
	at    int
	takes []take
	next  take // the gap before the next take
	limit int  // where its last limit of time stands; -1: nowhere
}

func (p *sequenceParser) fault(at int, msg string) error {
	return &Error{Path: "pattern/" + strconv.Itoa(at), Value: fault.Clip(p.text[at:]), Msg: msg, Err: ErrInput}
}

// token reads the next token.
func (p *sequenceParser) token() error {
	rest := p.text[p.at:]
	switch {
	case strings.HasPrefix(rest, ".*"):
		p.next.free = true
		p.at += 2
		return nil
	case rest[0] == '.':
		p.at++
		return p.take(-1, p.at-1)
	case strings.HasPrefix(rest, "(?"):
		end := strings.IndexByte(rest, ')')
		if end < 0 {
			return p.fault(p.at, "has no )")
		}
		start := p.at
		p.at += end + 1
		if body := rest[2:end]; strings.HasPrefix(body, "t") {
			return p.time(body[1:], start)
		}
		return p.event(rest[2:end], start)
	}
	return p.fault(p.at, "is not known: use (?N), ., .*, or (?t<=S) with <=, <, >=, > or ==")
}

// event reads what stands between (? and ) of a condition.
func (p *sequenceParser) event(body string, start int) error {
	n, ok := digits(body)
	if !ok || n < 1 || n > MaxSteps {
		return p.fault(start, "must hold the number of a condition, 1 to "+strconv.Itoa(MaxSteps)+`, or "t" and a limit of time`)
	}
	return p.take(int(n)-1, start)
}

// time reads what stands between (?t and ).
func (p *sequenceParser) time(body string, start int) error {
	number := strings.TrimLeft(body, "<>=")
	n, ok := digits(number)
	if !ok {
		return p.fault(start, "must hold a whole number of 0 or more behind <=, <, >=, > or ==, at most 2^63-1")
	}
	if len(p.takes) == 0 {
		return p.fault(start, "has no event before it to measure from")
	}
	least, most := uint64(0), uint64(math.MaxUint64)
	switch body[:len(body)-len(number)] {
	case "<=":
		most = n
	case "<":
		if n == 0 {
			return p.fault(start, "leaves no time: none is below 0")
		}
		most = n - 1
	case ">=":
		least = n
	case ">":
		least = n + 1
	case "==":
		least, most = n, n
	default:
		return p.fault(start, "must compare with <=, <, >=, > or ==")
	}
	p.limit, p.next.free = start, true
	p.next.least, p.next.most = max(p.next.least, least), min(p.next.most, most)
	if p.next.least > p.next.most {
		return p.fault(start, "leaves no time, with the limits before it")
	}
	return nil
}

// take ends the gap with an event.
func (p *sequenceParser) take(condition, start int) error {
	if len(p.takes) == maxTakes {
		return p.fault(start, "is one event too many: a match takes at most "+strconv.Itoa(maxTakes))
	}
	p.next.condition = condition
	p.takes = append(p.takes, p.next)
	p.next, p.limit = freshGap(), -1
	return nil
}

// digits reads a number of at most 63 bits, written in digits alone.
func digits(s string) (uint64, bool) {
	if s == "" || s[0] < '0' || s[0] > '9' {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 10, 63)
	return n, err == nil
}
