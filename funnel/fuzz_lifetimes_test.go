package funnel_test

import (
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/salesops-go/salesops/funnel"
	"github.com/salesops-go/salesops/internal/wire"
)

// survSeeds are lifetimes to begin fuzzing with.
func survSeeds(t survT) []*funnel.Lifetimes {
	t.Helper()
	return []*funnel.Lifetimes{
		new(funnel.Lifetimes),
		survLifetimes(t, funnel.Spell{Leave: 3}),
		survLifetimes(t, funnel.Spell{Leave: 3, Exit: funnel.Won}, funnel.Spell{Enter: 2, Leave: 900, Exit: funnel.Lost}, funnel.Spell{Leave: 3}),
		survLifetimes(t, survDeals(50)...),
		survLifetimes(t, funnel.Spell{Enter: funnel.MaxTick, Leave: funnel.MaxTick, Exit: "é"}),
	}
}

// What is accepted is written the same again, and all can be computed of it.
func FuzzLifetimes_UnmarshalBinary(f *testing.F) {
	for _, l := range survSeeds(f) {
		binary, _ := survTexts(f, l)
		f.Add([]byte(binary))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l := survLifetimes(t, funnel.Spell{Leave: 7})
		if err := l.UnmarshalBinary(data); err != nil {
			if !errors.Is(err, funnel.ErrEncoding) {
				t.Errorf("%v does not wrap ErrEncoding", err)
			}
			survSame(t, "after an error", l, survLifetimes(t, funnel.Spell{Leave: 7}))
			return
		}
		binary, text := survTexts(t, l)
		if binary != string(data) {
			t.Errorf("read % x, wrote % x", data, binary)
		}
		var again funnel.Lifetimes
		if err := json.Unmarshal([]byte(text), &again); err != nil {
			t.Fatal(err)
		}
		survSame(t, "by JSON", &again, l)
		survFigures(t, l)
	})
}

func FuzzLifetimes_UnmarshalJSON(f *testing.F) {
	for _, l := range survSeeds(f) {
		_, text := survTexts(f, l)
		f.Add([]byte(text))
	}
	f.Add([]byte(`{"ticks":[{"tick":0,"enter":2},{"tick":1},{"tick":2,"leave":{"won":1,"won":2}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l := survLifetimes(t, funnel.Spell{Leave: 7})
		if err := l.UnmarshalJSON(data); err != nil {
			if !errors.Is(err, funnel.ErrEncoding) {
				t.Errorf("%v does not wrap ErrEncoding", err)
			}
			survSame(t, "after an error", l, survLifetimes(t, funnel.Spell{Leave: 7}))
			return
		}
		binary, _ := survTexts(t, l)
		var again funnel.Lifetimes
		if err := again.UnmarshalBinary([]byte(binary)); err != nil {
			t.Fatal(err)
		}
		survSame(t, "by binary", &again, l)
		survFigures(t, l)
	})
}

// The forms themselves: they are stored, so they do not change.
func TestLifetimes_forms(t *testing.T) {
	l := survLifetimes(t,
		funnel.Spell{Leave: 30, Exit: funnel.Won}, funnel.Spell{Leave: 30}, funnel.Spell{Enter: 8, Leave: 30, Exit: funnel.Lost},
		funnel.Spell{Leave: 365, Exit: funnel.Lost},
	)
	binary, text := survTexts(t, l)
	wantBinary := "L\x01" + "\x02\x04lost\x03won" + // the exits
		"\x02\x00\x02\x07\x00" + // entries: 3 at 0, 1 at 8
		"\x01\x1e\x00" + // open: 1 at 30
		"\x02\x1e\x00\xce\x02\x00" + // lost: 1 at 30, 1 at 365, 334 ticks passed over
		"\x01\x1e\x00" // won: 1 at 30
	if binary != wantBinary {
		t.Errorf("binary % x, want % x", binary, wantBinary)
	}
	wantText := `{"ticks":[{"tick":0,"enter":3},{"tick":8,"enter":1},{"tick":30,"leave":{"lost":1,"open":1,"won":1}},{"tick":365,"leave":{"lost":1}}]}`
	if text != wantText {
		t.Errorf("JSON %s, want %s", text, wantText)
	}
	if _, text := survTexts(t, new(funnel.Lifetimes)); text != `{"ticks":[]}` {
		t.Errorf("JSON of none: %s", text)
	}
	if err := json.Unmarshal([]byte("null"), l); err != nil || l.Len() != 4 {
		t.Errorf("null: %v, %d spells, want no change", err, l.Len())
	}
}

// Texts that no spells have are refused.
func TestLifetimes_decoding_refuses(t *testing.T) {
	for name, text := range map[string]string{
		"no object":           `[]`,
		"no JSON":             `{`,
		"other field":         `{"spells":[]}`,
		"out of order":        `{"ticks":[{"tick":4,"enter":1},{"tick":3,"leave":{"won":1}}]}`,
		"same tick":           `{"ticks":[{"tick":4,"enter":1},{"tick":4,"leave":{"won":1}}]}`,
		"negative tick":       `{"ticks":[{"tick":-1,"enter":1,"leave":{"won":1}}]}`,
		"tick beyond MaxTick": `{"ticks":[{"tick":1048576,"enter":1,"leave":{"won":1}}]}`,
		"fraction":            `{"ticks":[{"tick":0.5,"enter":1,"leave":{"won":1}}]}`,
		"negative count":      `{"ticks":[{"tick":1,"enter":1,"leave":{"won":2,"lost":-1}}]}`,
		"zero":                `{"ticks":[{"tick":1,"enter":1,"leave":{"won":1,"lost":0}}]}`,
		"exit without a name": `{"ticks":[{"tick":1,"enter":1,"leave":{"":1}}]}`,
		"never leaves":        `{"ticks":[{"tick":1,"enter":2,"leave":{"won":1}}]}`,
		"leaves before":       `{"ticks":[{"tick":1,"leave":{"won":1}},{"tick":2,"enter":1}]}`,
		"33 exits":            `{"ticks":[{"tick":1,"enter":33,"leave":{` + survMany(33) + `}}]}`,
	} {
		l := survLifetimes(t, funnel.Spell{Leave: 7})
		if err := json.Unmarshal([]byte(text), l); err == nil || l.Len() != 1 {
			t.Errorf("%s: %v, %d spells", name, err, l.Len())
		} else if e := (*funnel.Error)(nil); errors.As(err, &e) && !errors.Is(err, funnel.ErrEncoding) {
			t.Errorf("%s: %v does not wrap ErrEncoding", name, err)
		}
	}
	if err := new(funnel.Lifetimes).UnmarshalJSON([]byte(`{} {}`)); !errors.Is(err, funnel.ErrEncoding) {
		t.Errorf("two texts: %v", err)
	}
	if err := json.Unmarshal([]byte(`{"ticks":[{"tick":1,"enter":32,"leave":{`+survMany(32)+`}}]}`), new(funnel.Lifetimes)); err != nil {
		t.Errorf("32 exits: %v", err)
	}
	for name, data := range map[string]string{
		"empty":            "",
		"other kind":       "X\x01\x00\x00\x00",
		"other version":    "L\x02\x00\x00\x00",
		"exit open":        "L\x01\x01\x04open\x01\x00\x00\x00\x01\x00\x00",
		"exit of no name":  "L\x01\x01\x00\x01\x00\x00\x00\x01\x00\x00",
		"exits unsorted":   "L\x01\x02\x01b\x01a\x01\x00\x01\x00\x01\x00\x00\x01\x00\x00",
		"exits twice":      "L\x01\x02\x01a\x01a\x01\x00\x01\x00\x01\x00\x00\x01\x00\x00",
		"exit by no spell": "L\x01\x01\x01a\x01\x00\x00\x01\x00\x00\x00",
		"bad UTF-8":        "L\x01\x01\x01\xff\x01\x00\x00\x00\x01\x00\x00",
		"left over":        "L\x01\x00\x00\x00\x00",
	} {
		l := survLifetimes(t, funnel.Spell{Leave: 7})
		if err := l.UnmarshalBinary([]byte(data)); !errors.Is(err, funnel.ErrEncoding) || l.Len() != 1 {
			t.Errorf("%s: %v, %d spells", name, err, l.Len())
		}
	}
}

// survMany returns so many exits that one spell each leaves by, as JSON.
func survMany(n int) string {
	exits := make([]string, n)
	for i := range exits {
		exits[i] = `"` + strings.Repeat("x", i+1) + `":1`
	}
	return strings.Join(exits, ",")
}

// A text that is made to be costly takes memory in proportion to its length: ticks as far apart as need a page each, by each of
// 32 exits.
func TestLifetimes_decoding_memory(t *testing.T) {
	const each = 1000
	b := wire.Uint(wire.Head(nil, 'L', 1), funnel.MaxExits)
	for i := range funnel.MaxExits {
		b = wire.String(b, string(rune('A'+i)))
	}
	b = wire.Uint(wire.Uint(wire.Uint(b, 1), 0), funnel.MaxExits*each-1) // all enter at 0
	b = wire.Uint(b, 0)
	for range funnel.MaxExits {
		b = wire.Uint(b, each)
		for range each {
			b = wire.Uint(wire.Uint(b, 64), 0)
		}
	}
	binary := survMemory(t, b, func(l *funnel.Lifetimes) error { return l.UnmarshalBinary(b) })
	if most := 40.0; binary > most {
		t.Errorf("binary: %.0f bytes for each of the text, want at most %.0f", binary, most)
	}
	l := new(funnel.Lifetimes)
	for i := range each {
		if err := l.Add(funnel.Spell{Enter: 130 * i, Leave: 130*i + 65, Exit: funnel.Exit(rune('A' + i%funnel.MaxExits))}); err != nil {
			t.Fatal(err)
		}
	}
	_, text := survTexts(t, l)
	if got, most := survMemory(t, []byte(text), func(l *funnel.Lifetimes) error { return json.Unmarshal([]byte(text), l) }), 60.0; got > most {
		t.Errorf("JSON: %.0f bytes for each of the text, want at most %.0f", got, most)
	}
}

// survMemory returns how many bytes are allocated for each of a text when it is decoded.
func survMemory(t survT, text []byte, decode func(*funnel.Lifetimes) error) float64 {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	l := new(funnel.Lifetimes)
	if err := decode(l); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc-before.TotalAlloc) / float64(len(text))
}
