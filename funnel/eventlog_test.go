package funnel_test

import (
	"compress/gzip"
	"encoding/csv"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/salesops-go/salesops/funnel"
	"github.com/salesops-go/salesops/internal/testenv"
)

// graFile is an event log in a file, one event a line: the columns by the names in its head.
type graFile struct {
	name, id, at, by string
	activity         []string // joined by "+"
	layout           string   // of the times
}

// journeys reads the cases in the order in which they are first met. Their events are put in order of time; those of the same
// time keep the order of the file, in which they were written.
func (f graFile) journeys(t *testing.T) []funnel.Journey {
	t.Helper()
	file, err := os.Open(testenv.Data(t, "funnel/eventlogs/"+f.name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	table := csv.NewReader(text)
	table.ReuseRecord = true
	head, err := table.Read()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int {
		i := slices.Index(head, name)
		if i < 0 {
			t.Fatalf("%s lacks the column %s", f.name, name)
		}
		return i
	}
	id, at, by := column(f.id), column(f.at), column(f.by)
	var activity []int
	for _, name := range f.activity {
		activity = append(activity, column(name))
	}
	var list []funnel.Journey
	index := map[string]int{}
	for {
		row, err := table.Read()
		if err != nil {
			break // the counts of events would tell of any other fault than the end
		}
		when, err := time.Parse(f.layout, row[at])
		if err != nil {
			t.Fatal(err)
		}
		m := funnel.Move{At: when, By: row[by]}
		for i, c := range activity {
			if i > 0 {
				m.To += "+"
			}
			m.To += row[c]
		}
		i, ok := index[row[id]]
		if !ok {
			i = len(list)
			index[row[id]] = i
			list = append(list, funnel.Journey{ID: row[id]})
		}
		list[i].Moves = append(list[i].Moves, m)
	}
	for _, j := range list {
		slices.SortStableFunc(j.Moves, func(a, b funnel.Move) int { return a.At.Compare(b.At) })
	}
	return list
}

// graRename returns the cases with other names for their activities, and without the events that get none.
func graRename(list []funnel.Journey, name func(activity string) string) []funnel.Journey {
	renamed := make([]funnel.Journey, 0, len(list))
	for _, j := range list {
		moves := make([]funnel.Move, 0, len(j.Moves))
		for _, m := range j.Moves {
			if m.To = name(m.To); m.To != "" {
				moves = append(moves, m)
			}
		}
		if j.Moves = moves; len(moves) > 0 {
			renamed = append(renamed, j)
		}
	}
	return renamed
}
