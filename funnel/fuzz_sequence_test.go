package funnel_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

// FuzzCompileSequence wants an error of the package, or a sequence that answers and whose answers agree.
func FuzzCompileSequence(f *testing.F) {
	f.Add("(?1)(?t<=3600).*(?2)", []byte("\x01\x00\x02\x05"))
	f.Add(".*(?1)..(?32)(?t>9223372036854775807)(?1)", []byte("\x01\xff\xff\x00\xff\x02"))
	f.Add("(?t==0)", []byte{})
	f.Fuzz(func(t *testing.T, pattern string, text []byte) {
		s, err := funnel.CompileSequence(pattern)
		if err != nil {
			var e *funnel.Error
			if !errors.As(err, &e) || !errors.Is(err, funnel.ErrInput) || e.Path == "" {
				t.Fatalf("%q: %v", pattern, err)
			}
			return
		}
		var events []funnel.Event
		var at int64
		for ; len(text) >= 2; text = text[2:] {
			at += int64(text[1]) << (text[0] >> 4)
			events = append(events, funnel.Event{At: at, Steps: uint32(text[0] & 15)})
		}
		match, count, places, whole := strAsk(t, s, events)
		if match != whole || match != (count > 0) && strings.Trim(pattern, ".*") != "" {
			t.Fatalf("%q: match %t, whole %t, count %d", pattern, match, whole, count)
		}
		for i := 1; i < len(places); i++ {
			if places[i] <= places[i-1] {
				t.Fatalf("%q: places %v", pattern, places)
			}
		}
	})
}

func FuzzSequence_law(f *testing.F) { f.Fuzz(rapid.MakeFuzz(lawSequence)) }
