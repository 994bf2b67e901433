package funnel_test

import (
	"encoding/json"

	"github.com/salesops-go/salesops/funnel"
)

// survSpells returns spells that have the same counts as those of l.
func survSpells(t survT, l *funnel.Lifetimes) []funnel.Spell {
	t.Helper()
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	var in struct {
		Ticks []struct {
			Tick  int
			Enter int
			Leave map[funnel.Exit]int
		}
	}
	if err := json.Unmarshal(text, &in); err != nil {
		t.Fatal(err)
	}
	var enters []int
	var spells []funnel.Spell
	for _, tick := range in.Ticks {
		for range tick.Enter {
			enters = append(enters, tick.Tick)
		}
		for exit, n := range tick.Leave {
			for range n {
				spells = append(spells, funnel.Spell{Enter: enters[0], Leave: tick.Tick, Exit: exit})
				enters = enters[1:]
			}
		}
	}
	return spells
}
