package funnel_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/funnel"
)

// flowFaults returns the faults of an error, as "ID: path value".
func flowFaults(err error) []string {
	if err == nil {
		return nil
	}
	if list, ok := err.(interface{ Unwrap() []error }); ok {
		var out []string
		for _, e := range list.Unwrap() {
			out = append(out, flowFaults(e)...)
		}
		return out
	}
	var fault *funnel.Error
	if !errors.As(err, &fault) {
		return []string{"no *Error: " + err.Error()}
	}
	return []string{strings.TrimSpace(fault.ID + ": " + fault.Path + " " + fault.Value)}
}

// S01: what a journey must be. All faults are told, in order, with the journey's ID.
func TestS01_Pipeline_Check(t *testing.T) {
	p := flowPipeline(t, "Lead", "Opp", "Won=won", "Lost=lost")
	move := func(to string, hour int) funnel.Move { return funnel.Move{To: to, At: flowAt(hour)} }
	for name, x := range map[string]struct {
		p     funnel.Pipeline
		moves []funnel.Move
		want  []string
	}{
		"from the first stage to an end":   {p, []funnel.Move{move("Lead", 0), move("Opp", 1), move("Won", 2)}, nil},
		"from the middle":                  {p, []funnel.Move{move("Opp", 1)}, nil},
		"created as won":                   {p, []funnel.Move{move("Won", 1)}, nil},
		"back and again":                   {p, []funnel.Move{move("Opp", 0), move("Lead", 0), move("Opp", 0)}, nil},
		"where it is":                      {p, []funnel.Move{move("Opp", 0), move("Opp", 1)}, nil},
		"none":                             {p, nil, []string{"x: moves"}},
		"unknown stage":                    {p, []funnel.Move{move("Lead", 0), move("Demo", 1), move("Won", 2), move("", 3)}, []string{"x: moves/1/to Demo", "x: moves/3/to"}},
		"back in time":                     {p, []funnel.Move{move("Lead", 5), move("Opp", 3), move("Won", 4)}, []string{"x: moves/1/at 2026-01-05T03:00:00Z"}},
		"no time":                          {p, []funnel.Move{{To: "Lead"}, move("Opp", 3), {To: "Won"}}, []string{"x: moves/0/at", "x: moves/2/at"}},
		"on after an end":                  {p, []funnel.Move{move("Lost", 0), move("Opp", 1)}, []string{"x: moves/1/to Opp"}},
		"on after an end, reopening":       {p.Reopening(), []funnel.Move{move("Lost", 0), move("Opp", 1)}, nil},
		"end after end":                    {p, []funnel.Move{move("Lost", 0), move("Won", 1)}, []string{"x: moves/1/to Won"}},
		"end after end, reopening":         {p.Reopening(), []funnel.Move{move("Lost", 0), move("Won", 1)}, []string{"x: moves/1/to Won"}},
		"the same end twice":               {p.Reopening(), []funnel.Move{move("Won", 0), move("Won", 1)}, []string{"x: moves/1/to Won"}},
		"after an unknown stage":           {p, []funnel.Move{move("Lost", 0), move("Demo", 1), move("Opp", 1)}, []string{"x: moves/1/to Demo"}},
		"a pipeline that is not there":     {funnel.Pipeline{}, []funnel.Move{move("Lost", 0)}, []string{": pipeline"}},
		"several faults of the same move":  {p, []funnel.Move{move("Lead", 7), {To: "?"}}, []string{"x: moves/1/to ?", "x: moves/1/at"}},
		"time zones do not matter in time": {p, []funnel.Move{{To: "Lead", At: flowAt(0).In(time.FixedZone("", 9*3600))}, {To: "Opp", At: flowAt(0).In(time.FixedZone("", -9*3600))}}, nil},
	} {
		err := x.p.Check(funnel.Journey{ID: "x", Moves: x.moves})
		if diff := cmp.Diff(x.want, flowFaults(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if err != nil && !errors.Is(err, funnel.ErrInput) {
			t.Errorf("%s: %v does not wrap ErrInput", name, err)
		}
	}

	var many []funnel.Move
	for range 1000 {
		many = append(many, move("nowhere", 0))
	}
	if err := p.Check(funnel.Journey{Moves: many}); len(err.Error()) > 4000 || !strings.Contains(err.Error(), "980 more") {
		t.Errorf("1,000 faults are told as %s", err)
	}
	for _, amount := range []decimal.Decimal{decimal.New(1, 1e9), decimal.New(1, -1e9), decimal.New(0, 1<<30), d("1e36")} {
		if diff := cmp.Diff([]string{"x: amount"}, flowFaults(p.Check(funnel.Journey{ID: "x", Amount: amount, Moves: []funnel.Move{move("Lead", 0)}}))); diff != "" {
			t.Errorf("amount (-want +got):\n%s", diff)
		}
	}
}

// Everything that reads a journey refuses what Check refuses, and a view that is not whole, and changes nothing.
func TestView_faults(t *testing.T) {
	p := flowPipeline(t, "Lead", "Opp", "Won=won", "Lost=lost")
	good, bad := flowJourney("good", "Lead", "Opp", "Won"), flowJourney("bad", "Lead", "Demo")
	whole := funnel.View{Pipeline: p, AsOf: flowAt(100)}
	for name, x := range map[string]struct {
		view funnel.View
		j    funnel.Journey
		want []string
	}{
		"journey":     {whole, bad, []string{"bad: moves/1/to Demo"}},
		"no pipeline": {funnel.View{AsOf: flowAt(1)}, good, []string{": view/pipeline"}},
		"no asOf":     {funnel.View{Pipeline: p}, bad, []string{": view/asOf", "bad: moves/1/to Demo"}},
		"nothing":     {funnel.View{}, funnel.Journey{}, []string{": view/pipeline", ": view/asOf"}},
	} {
		f := flowOf(t, whole, good)
		before := flowBytes(t, f)
		visits, err := x.view.Visits([]funnel.Visit{{Stage: "before"}}, x.j)
		_, ok, err2 := x.view.Lifetime(x.j)
		_, ok2, err3 := x.view.Conversion(x.j, "Lead", "Opp", "")
		for i, err := range []error{err, err2, err3, f.Add(x.view, x.j)} {
			if diff := cmp.Diff(x.want, flowFaults(err)); diff != "" || !errors.Is(err, funnel.ErrInput) {
				t.Errorf("%s, %d: %v (-want +got):\n%s", name, i, err, diff)
			}
		}
		if len(visits) != 1 || ok || ok2 {
			t.Errorf("%s: visits %v, ok %v %v", name, visits, ok, ok2)
		}
		if diff := cmp.Diff(before, flowBytes(t, f)); diff != "" {
			t.Errorf("%s: the flow was changed", name)
		}
	}
}

// S02: what began before Since is watched from the age that it had then; what had ended by then is left out, and so is what ended
// within the tick that had begun.
func TestS02_View_since(t *testing.T) {
	p := flowPipeline(t, "Lead", "Won=won")
	at := func(day, hour int) time.Time { return flowAt(24*day + hour) }
	for name, x := range map[string]struct {
		since, end time.Time // since 0:00 of day 0
		clock      funnel.Clock
		want       funnel.Spell
		ok         bool
	}{
		"complete history":                 {time.Time{}, at(5, 0), nil, funnel.Spell{Leave: 5, Exit: funnel.Won}, true},
		"since before the start":           {at(-9, 0), at(5, 0), nil, funnel.Spell{Leave: 5, Exit: funnel.Won}, true},
		"since the start":                  {at(0, 0), at(5, 0), nil, funnel.Spell{Leave: 5, Exit: funnel.Won}, true},
		"since midnight of day 3":          {at(3, 0), at(5, 0), nil, funnel.Spell{Enter: 3, Leave: 5, Exit: funnel.Won}, true},
		"since noon of day 3":              {at(3, 12), at(5, 0), nil, funnel.Spell{Enter: 4, Leave: 5, Exit: funnel.Won}, true},
		"ended on that day":                {at(3, 0), at(3, 5), nil, funnel.Spell{Enter: 3, Leave: 3, Exit: funnel.Won}, true},
		"ended in the tick that had begun": {at(3, 12), at(3, 15), nil, funnel.Spell{}, false},
		"ended before":                     {at(3, 0), at(2, 23), nil, funnel.Spell{}, false},
		"in hours":                         {at(3, 0), at(3, 2), funnel.Hours, funnel.Spell{Enter: 72, Leave: 74, Exit: funnel.Won}, true},
		"open":                             {at(3, 0), time.Time{}, nil, funnel.Spell{Enter: 3, Leave: 9, Exit: funnel.Open}, true},
		"open, since in the future":        {at(12, 0), time.Time{}, nil, funnel.Spell{}, false},
	} {
		v := funnel.View{Pipeline: p, AsOf: at(9, 0), Since: x.since, Clock: x.clock}
		j := funnel.Journey{ID: name, Moves: []funnel.Move{{To: "Lead", At: at(0, 0)}}}
		if !x.end.IsZero() {
			j.Moves = append(j.Moves, funnel.Move{To: "Won", At: x.end})
		}
		life, ok, err := v.Lifetime(j)
		if life != x.want || ok != x.ok || err != nil {
			t.Errorf("%s: lifetime %+v, %v, %v, want %+v, %v", name, life, ok, err, x.want, x.ok)
		}
		visits, err := v.Visits(nil, j)
		if err != nil {
			t.Fatal(err)
		}
		if spell, ok := v.Spell(visits[0]); spell != x.want || ok != x.ok {
			t.Errorf("%s: spell %+v, %v, want %+v, %v", name, spell, ok, x.want, x.ok)
		}
		if c, ok, err := v.Conversion(j, "Lead", "Won", ""); c != x.want || ok != x.ok || err != nil {
			t.Errorf("%s: conversion %+v, %v, %v, want %+v, %v", name, c, ok, err, x.want, x.ok)
		}
		f := flowOf(t, v, j)
		times, err := f.Times("Lead")
		if err != nil {
			t.Fatal(err)
		}
		if (times.Len() == 1) != x.ok || f.Stages()[0].Entered.Count != 1 {
			t.Errorf("%s: %d times, %d entered: counts take all", name, times.Len(), f.Stages()[0].Entered.Count)
		}
	}
}

// A clock that ticks too often, or goes back, is an error with the deal and the remedy, and nothing is counted.
func TestView_ticks(t *testing.T) {
	p := flowPipeline(t, "Lead", "Opp", "Won=won")
	years := funnel.Journey{ID: "old", Moves: []funnel.Move{{To: "Lead", At: flowAt(0)}, {To: "Opp", At: flowAt(24 * 365 * 3)}, {To: "Won", At: flowAt(24 * 365 * 6)}}}
	asOf := flowAt(24 * 365 * 9)
	for name, x := range map[string]struct {
		clock funnel.Clock
		path  string
		value string
	}{
		"minutes":  {funnel.Minutes, "moves/1/at", "1576800"},
		"backward": {func(from, to time.Time) int { return -int(to.Sub(from).Hours()) }, "moves/1/at", "-26280"},
		"extreme":  {func(time.Time, time.Time) int { return math.MaxInt }, "moves/1/at", fmt.Sprint(math.MaxInt)},
		"lowest":   {func(time.Time, time.Time) int { return math.MinInt }, "moves/1/at", fmt.Sprint(math.MinInt)},
	} {
		for _, since := range []time.Time{{}, flowAt(5)} {
			v := funnel.View{Pipeline: p, AsOf: asOf, Clock: x.clock, Since: since}
			f := new(funnel.Flow)
			err := f.Add(v, years)
			if x.value[0] == '-' && !since.IsZero() && x.clock(flowAt(0), flowAt(1)) < 0 { // had ended before Since, by that clock
				continue
			}
			if !since.IsZero() && name == "extreme" { // no tick is left
				continue
			}
			var fault *funnel.Error
			if !errors.Is(err, funnel.ErrInput) || !errors.As(err, &fault) || fault.ID != "old" || fault.Path != x.path || fault.Value != x.value || f.Journeys() != 0 {
				t.Errorf("%s, since %v: %v", name, since, err)
			}
			if _, _, err := v.Lifetime(years); !errors.Is(err, funnel.ErrInput) {
				t.Errorf("%s: lifetime: %v", name, err)
			}
			if _, _, err := v.Conversion(years, "Lead", "Won", ""); !errors.Is(err, funnel.ErrInput) {
				t.Errorf("%s: conversion: %v", name, err)
			}
		}
	}
	longest := func(time.Time, time.Time) int { return funnel.MaxTick }
	life, ok, err := funnel.View{Pipeline: p, AsOf: asOf, Clock: longest}.Lifetime(years)
	if want := (funnel.Spell{Leave: funnel.MaxTick, Exit: funnel.Won}); life != want || !ok || err != nil {
		t.Errorf("the longest life: %+v, %v, %v", life, ok, err)
	}
}

// S03: a deal that came back lives on; its visits go on counting, and it reached the end at which it was.
func TestS03_Flow_reopened(t *testing.T) {
	p := flowPipeline(t, "Lead", "Opp", "Won=won", "Lost=lost").Reopening()
	j := flowJourney("phoenix", "Lead", "Opp", "Lost", "Opp", "Won")
	view := funnel.View{Pipeline: p, AsOf: flowAt(25), Clock: funnel.Hours}
	for asOf, want := range map[int]struct {
		life    funnel.Spell
		outcome [3]int64 // won, lost, open
		back    int64
	}{
		25: {funnel.Spell{Leave: 20, Exit: funnel.Lost}, [3]int64{0, 1, 0}, 0},
		35: {funnel.Spell{Leave: 35, Exit: funnel.Open}, [3]int64{0, 0, 1}, 1},
		45: {funnel.Spell{Leave: 40, Exit: funnel.Won}, [3]int64{1, 0, 0}, 1},
	} {
		view.AsOf = flowAt(asOf)
		life, ok, err := view.Lifetime(j)
		if err != nil || !ok || life != want.life {
			t.Errorf("as of %d: %+v, %v, %v, want %+v", asOf, life, ok, err, want.life)
		}
		f := flowOf(t, view, j)
		o := f.Outcome()
		if got := [3]int64{o.Won.Count, o.Lost.Count, o.Open.Count}; got != want.outcome || o.Reopened != want.back || o.Journeys.Count != 1 {
			t.Errorf("as of %d: %+v, want %v", asOf, o, want.outcome)
		}
		lost, err := f.Conversion("Lead", "Lost", funnel.Visited)
		if err != nil || lost.Reached != 1 {
			t.Errorf("as of %d: %+v, %v: who reached an end and came back has reached it", asOf, lost, err)
		}
		back, err := f.Conversion("Lost", "Won", funnel.Visited)
		if err != nil || back != (funnel.Share{Entered: 1, Reached: want.outcome[0], Pending: want.outcome[2]}) {
			t.Errorf("as of %d: won back %+v, %v", asOf, back, err)
		}
	}
}
