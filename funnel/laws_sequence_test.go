package funnel_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

// strToken is a token of a pattern.
type strToken struct {
	text      string
	condition int    // of an event, from 0; -1 is any
	compare   string // of a limit of time
	time      int64
}

func (k strToken) takes() bool { return k.text != ".*" && k.compare == "" }

// strTokens draws the tokens of a pattern that compiles, unless limits of time contradict each other.
func strTokens(t *rapid.T) []strToken {
	var tokens []strToken
	takes, trailing := 0, 0 // trailing is 1 if a limit of time needs an event behind it
	for range rapid.IntRange(0, 6).Draw(t, "tokens") {
		k := strToken{}
		switch kind := rapid.IntRange(0, 9).Draw(t, "kind"); {
		case kind < 5:
			k.condition = rapid.IntRange(0, 2).Draw(t, "condition")
			k.text = fmt.Sprintf("(?%d)", k.condition+1)
		case kind < 6:
			k.condition, k.text = -1, "."
		case kind < 8 || takes == 0:
			k.text = ".*"
		default:
			k.compare = rapid.SampledFrom([]string{"<=", "<", ">=", ">", "=="}).Draw(t, "compare")
			k.time = rapid.Int64Range(0, 4).Draw(t, "time")
			k.text = fmt.Sprintf("(?t%s%d)", k.compare, k.time)
		}
		if k.takes() {
			takes, trailing = takes+1, 0
		} else if k.compare != "" {
			trailing = 1
		}
		tokens = append(tokens, k)
	}
	return append(tokens, strToken{text: "(?1)"})[:len(tokens)+trailing]
}

// strEvents draws events in order of time, with ties, for three conditions.
func strEvents(t *rapid.T, most int) []funnel.Event {
	var events []funnel.Event
	at := rapid.SampledFrom([]int64{0, -5, math.MinInt64, math.MaxInt64 - 40}).Draw(t, "start")
	for range rapid.IntRange(0, most).Draw(t, "events") {
		at += int64(rapid.IntRange(0, 3).Draw(t, "later"))
		events = append(events, funnel.Event{At: at, Steps: uint32(rapid.IntRange(0, 7).Draw(t, "steps"))})
	}
	return events
}

// strSearch goes through all ways to match the tokens with events from start on, in order of their places, and returns the
// places of the first match, or else of the longest beginning that it met first.
func strSearch(tokens []strToken, events []funnel.Event, start int) (chain []int, whole bool) {
	var deepest []int
	var search func(tokens []strToken, chain []int, free bool, limits []strToken) []int
	search = func(tokens []strToken, chain []int, free bool, limits []strToken) []int {
		if len(chain) > len(deepest) {
			deepest = slices.Clone(chain)
		}
		if len(tokens) == 0 {
			return append([]int{}, chain...)
		}
		k, rest := tokens[0], tokens[1:]
		if !k.takes() {
			if k.compare != "" {
				limits = append(slices.Clone(limits), k)
			}
			return search(rest, chain, true, limits)
		}
		i := start
		if len(chain) > 0 {
			i = chain[len(chain)-1] + 1
		}
		for ; i < len(events); i++ {
			e := events[i]
			if e.Steps == 0 {
				continue
			}
			fits := k.condition < 0 || e.Steps>>k.condition&1 != 0
			for _, l := range limits {
				gap := e.At - events[chain[len(chain)-1]].At
				fits = fits && map[string]bool{"<=": gap <= l.time, "<": gap < l.time, ">=": gap >= l.time, ">": gap > l.time, "==": gap == l.time}[l.compare]
			}
			if fits {
				if found := search(rest, append(slices.Clone(chain), i), false, nil); found != nil {
					return found
				}
			}
			if !free && len(chain) > 0 {
				break
			}
		}
		return nil
	}
	if found := search(tokens, nil, false, nil); found != nil {
		return found, true
	}
	return deepest, false
}

func TestSequence_law(t *testing.T) { rapid.Check(t, lawSequence) }

// Match, Count and Events are those of a search through all ways to match.
func lawSequence(t *rapid.T) {
	tokens := strTokens(t)
	var pattern strings.Builder
	for _, k := range tokens {
		pattern.WriteString(k.text)
	}
	s, err := funnel.CompileSequence(pattern.String())
	if err != nil {
		if !strings.Contains(err.Error(), "leaves no time") {
			t.Fatal(err)
		}
		return
	}
	events := strEvents(t, 9)
	before := slices.Clone(events)

	chain, whole := strSearch(tokens, events, 0)
	var at []int
	takes := slices.DeleteFunc(slices.Clone(tokens), func(k strToken) bool { return !k.takes() })
	for i, e := range chain {
		if takes[i].condition >= 0 {
			at = append(at, e)
		}
	}
	count := 0
	for i := 0; i < len(events); {
		if len(takes) == 0 {
			if events[i].Steps != 0 {
				count++
			}
			i++
			continue
		}
		chain, whole := strSearch(tokens, events, i)
		if !whole {
			break
		}
		count++
		i = chain[len(chain)-1] + 1
	}

	match, err1 := s.Match(events)
	n, err2 := s.Count(events)
	got, gotWhole, err3 := s.Events(events)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	if match != whole || gotWhole != whole || n != count {
		t.Fatalf("%q on %v: match %t and %t, count %d; want %t, %d", &pattern, events, match, gotWhole, n, whole, count)
	}
	if len(got) != len(at) || len(at) > 0 && !slices.Equal(got, at) {
		t.Fatalf("%q on %v: places (-want +got)\n%s", &pattern, events, cmp.Diff(at, got))
	}
	if !slices.Equal(events, before) {
		t.Fatal("the events were changed")
	}
}

// Whole or not, the time does not grow faster than the events: this pattern has some n^10 ways to begin.
func TestSequence_linear(t *testing.T) {
	s := strCompile(t, strings.Repeat("(?1).*", 10)+strings.Repeat("(?1)(?t>=1)", 10)+"(?2)")
	events := make([]funnel.Event, 20_000)
	for i := range events {
		events[i] = funnel.Event{At: int64(i), Steps: 1}
	}
	match, count, at, whole := strAsk(t, s, events)
	if match || whole || count != 0 || len(at) != 20 || at[19] != 19 {
		t.Errorf("match %t, whole %t, count %d, places %v; want none, and the first 20", match, whole, count, at)
	}
}

func TestSequence_allocs(t *testing.T) {
	s := strCompile(t, "(?1)(?t<=30).*(?2)(?t>=2)(?3)")
	events := strLetters(strings.Repeat("abc", 20))
	if n := testing.AllocsPerRun(100, func() {
		_, _ = s.Match(events)
		_, _ = s.Count(events)
	}); n > 0 {
		t.Errorf("Match and Count of 60 events allocate %v times", n)
	}
}
