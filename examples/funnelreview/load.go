package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/examples/internal/crm"
	"github.com/salesops-go/salesops/examples/internal/sample"
	"github.com/salesops-go/salesops/funnel"
)

// input is all that a review starts from.
type input struct {
	options
	source   string
	counts   crm.Counts
	notes    []string
	cases    []funnel.Journey // all that is known of each case, in the order in which they began
	journeys []funnel.Journey // the same without what is no stage, and without what follows an end; none without a pipeline
	view     funnel.View

	events  int // that are known
	others  int // events that are neither stages nor ends
	after   int // events after the first end
	outside int // cases that never came to a stage
	unknown int // events after -as-of
}

// load reads the log and sorts it into journeys.
func load(opt options) (*input, error) {
	in := &input{options: opt, source: "history of Northlight, the sample company"}
	list, err := in.read()
	if err != nil {
		return nil, err
	}
	in.counts, in.notes = list.Counts, list.Notes
	if len(list.Rows) == 0 {
		return nil, fmt.Errorf("%s has no event", in.source)
	}
	if in.asOf.IsZero() {
		last := slices.MaxFunc(list.Rows, func(a, b crm.Move) int { return a.At.Compare(b.At) })
		in.asOf = salesops.DateOf(last.At.UTC())
	}
	in.collect(list.Rows)
	if len(in.cases) == 0 {
		return nil, fmt.Errorf("%s has no event up to %s", in.source, in.asOf)
	}
	if len(in.stages) == 0 {
		return in, nil
	}
	p, err := funnel.NewPipeline(in.stages...)
	if err != nil {
		return nil, err
	}
	if in.reopen {
		p = p.Reopening()
	}
	in.view = funnel.View{Pipeline: p, AsOf: end(in.asOf), Since: in.since.Time(time.UTC)}
	in.follow()
	if len(in.journeys) == 0 {
		return nil, fmt.Errorf("no case of %s came to one of the stages %s; the activities are %s", in.source, names(in.stages), in.activities())
	}
	return in, nil
}

// read reads the events.
func (in *input) read() (crm.List[crm.Move], error) {
	opt := crm.Options{SkipBad: in.skipBad}
	if in.log == "" {
		f, err := sample.FS.Open("history.csv")
		if err != nil {
			return crm.List[crm.Move]{}, err
		}
		defer f.Close()
		return crm.ReadHistory(f, "history.csv", in.columns, opt)
	}
	in.source = filepath.Base(in.log)
	f, err := os.Open(in.log)
	if err != nil {
		return crm.List[crm.Move]{}, err
	}
	defer f.Close()
	r := bufio.NewReader(f)
	var text io.Reader = r
	if magic, err := r.Peek(2); err == nil && bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		if text, err = gzip.NewReader(r); err != nil {
			return crm.List[crm.Move]{}, fmt.Errorf("%s: %w", in.source, err)
		}
	}
	return crm.ReadHistory(text, in.source, in.columns, opt)
}

// collect makes journeys of the events that are known.
func (in *input) collect(rows []crm.Move) {
	last := end(in.asOf)
	slices.SortStableFunc(rows, func(a, b crm.Move) int { return a.At.Compare(b.At) })
	index := map[string]int{}
	for _, m := range rows {
		if m.At.After(last) {
			in.unknown++
			continue
		}
		i, ok := index[m.Case]
		if !ok {
			i = len(in.cases)
			index[m.Case] = i
			in.cases = append(in.cases, funnel.Journey{ID: m.Case})
		}
		in.cases[i].Moves = append(in.cases[i].Moves, funnel.Move{To: m.Activity, At: m.At, By: m.By})
		in.events++
	}
}

// follow makes the journeys through the pipeline.
func (in *input) follow() {
	ends := map[string]bool{}
	for _, s := range in.view.Pipeline.Stages() {
		ends[s.Key] = s.End != "" && s.End != funnel.Open
	}
	for _, c := range in.cases {
		j := funnel.Journey{ID: c.ID}
		for i, m := range c.Moves {
			isEnd, known := ends[m.To]
			if !known {
				in.others++
				continue
			}
			if len(j.Moves) == 0 && isEnd {
				in.after++ // what was before is not in the log
				continue
			}
			j.Moves = append(j.Moves, m)
			if isEnd && !in.reopen {
				for _, rest := range c.Moves[i+1:] {
					if _, known := ends[rest.To]; known {
						in.after++
					} else {
						in.others++
					}
				}
				break
			}
		}
		if len(j.Moves) == 0 {
			in.outside++
			continue
		}
		in.journeys = append(in.journeys, j)
	}
}

// activities names some activities of the log.
func (in *input) activities() string {
	counts := map[string]int{}
	for _, c := range in.cases {
		for _, m := range c.Moves {
			counts[m.To]++
		}
	}
	list := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		if n := counts[b] - counts[a]; n != 0 {
			return n
		}
		return strings.Compare(a, b)
	})
	out := strings.Join(list[:min(12, len(list))], ", ")
	if len(list) > 12 {
		out += fmt.Sprintf(" and %d more", len(list)-12)
	}
	return out
}

func names(stages []funnel.Stage) string {
	keys := make([]string, len(stages))
	for i, s := range stages {
		keys[i] = s.Key
	}
	return strings.Join(keys, ", ")
}
