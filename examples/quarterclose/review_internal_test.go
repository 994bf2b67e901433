package main

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/examples/internal/sample"
)

// The chart of the funnel equals a count of the stage history by hand.
func TestSampleFunnelByHand(t *testing.T) {
	order := []string{"Qualification", "Needs Analysis", "Proposal/Price Quote", "Negotiation/Review"}
	ways := map[string][]string{}
	first := map[string]string{}
	for _, row := range sampleRows(t, "history.csv") {
		if id := row["opportunity"]; row["at"] < "2026-10-01" {
			if first[id] == "" {
				first[id] = row["at"]
			}
			ways[id] = append(ways[id], row["stage"])
		}
	}
	visited, both, pending := map[string]int{}, map[string]int{}, map[string]int{}
	deals := 0
	for id, way := range ways {
		if first[id] < "2026-01-01" { // the day of the first closing that the history tells
			continue
		}
		deals++
		at := map[string]int{}
		for i, stage := range way {
			if _, seen := at[stage]; !seen {
				at[stage] = i
				visited[stage]++
			}
		}
		for k, stage := range order {
			next := "Closed Won"
			if k+1 < len(order) {
				next = order[k+1]
			}
			from, seen := at[stage]
			if !seen {
				continue
			}
			on := false
			for _, s := range way[from:] {
				on = on || s == next
			}
			switch last := way[len(way)-1]; {
			case on:
				both[stage]++
			case last != "Closed Won" && last != "Closed Lost":
				pending[stage]++
			}
		}
	}
	report := closed(t)
	_, text, _ := strings.Cut(report, "THE FUNNEL\n")
	checked := 0
	for line := range strings.SplitSeq(text, "\n") {
		name, rest, found := strings.Cut(strings.TrimSpace(line), "  ")
		if !found || visited[name] == 0 {
			continue
		}
		checked++
		cells := strings.Fields(rest) // bar, deals, share and, of stages that are worked, share to next, interval, pending
		want := []string{page.Count(visited[name]), fmt.Sprintf("%.1f%%", 100*float64(visited[name])/float64(deals))}
		if both[name] > 0 {
			want = append(want, fmt.Sprintf("%.1f%%", 100*float64(both[name])/float64(visited[name]-pending[name])), page.Count(pending[name]))
			cells = append(cells[:4:4], cells[len(cells)-1])
		}
		if diff := cmp.Diff(want, cells[1:]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if checked == 6 {
			break
		}
	}
	if checked != 6 {
		t.Errorf("%d rows checked, want 4 stages and 2 ends", checked)
	}
	wantText(t, strings.Join(strings.Fields(text[:400]), " "), "The "+page.Count(deals)+" deals created from 2026-01-01 to 2026-09-30")
}

// The movement adds up, down the parts and over the teams, and equals one made by hand.
func TestSampleMovementByHand(t *testing.T) {
	was, is := map[string]*big.Rat{}, map[string]*big.Rat{}
	for _, row := range sampleRows(t, "snapshots.csv") {
		switch row["as_of"] {
		case "2026-07-01":
			was[row["opportunity"]] = rat(t, row["amount"])
		case "2026-10-01":
			is[row["opportunity"]] = rat(t, row["amount"])
		}
	}
	want := map[string]*big.Rat{}
	add := func(part string, v *big.Rat) {
		if want[part] == nil {
			want[part] = new(big.Rat)
		}
		want[part].Add(want[part], v)
	}
	minus := func(r *big.Rat) *big.Rat { return new(big.Rat).Neg(r) }
	for _, row := range sampleRows(t, "opportunities.csv") {
		id := row["Opportunity ID"]
		before, after := was[id], is[id]
		final := rat(t, row["Amount"])
		closedOn := usDate(row["Close Date"])
		ended := strings.HasPrefix(row["Stage"], "Closed") && closedOn >= "2026-07-01" && closedOn < "2026-10-01"
		amount := after
		if after == nil {
			amount = final
		}
		switch {
		case before != nil:
			add("Start", before)
			switch d := new(big.Rat).Sub(amount, before); d.Sign() {
			case 1:
				add("Amounts increased", d)
			case -1:
				add("Amounts decreased", d)
			}
		case after != nil || ended:
			add("Created", amount)
		default:
			continue
		}
		switch {
		case after != nil:
			add("End", after)
		case row["Stage"] == "Closed Won":
			add("Won", minus(final))
		default:
			add("Lost", minus(final))
		}
	}
	rows, _ := printed(t, closed(t), "How the whole pipeline moved")
	sum := new(big.Rat)
	for _, row := range rows {
		part := row["Part"]
		if row["Amount"] != cellText(want[part]) {
			t.Errorf("%s: %s, want %s", part, row["Amount"], cellText(want[part]))
		}
		if part == "End" {
			if got := rat(t, row["Amount"]); got.Cmp(sum) != 0 {
				t.Errorf("the parts sum to %s, the end is %s", sum.FloatString(2), got.FloatString(2))
			}
			continue
		}
		sum.Add(sum, rat(t, row["Amount"]))
	}
	if len(rows) != len(want) {
		t.Errorf("%d parts, want %d", len(rows), len(want))
	}
}

// usDate turns 7/30/2026 into 2026-07-30.
func usDate(s string) string {
	var m, d, y int
	if _, err := fmt.Sscanf(s, "%d/%d/%d", &m, &d, &y); err != nil {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}

// The slow point that the sample company was given is found, and nobody's luck is called skill.
func TestSampleSlowPoint(t *testing.T) {
	report := closed(t)
	_, text, _ := strings.Cut(report, "WHERE DEALS STALL")
	text, _, _ = strings.Cut(text, "DEALS THAT HAVE WAITED")
	_, team, found := strings.Cut(text, "  Tomasz Wieczorek\n")
	if !found || !strings.Contains(team, "Needs Analysis") || !strings.Contains(team, "takes longer") {
		t.Errorf("Needs Analysis of the team of Tomasz Wieczorek is not told:\n%s", text)
	}
	wantText(t, strings.Join(strings.Fields(text), " "), "a ranking would rank luck")
}

// Without a history of stages there is a funnel all the same, and what needs snapshots is left out.
func TestFunnelWithoutHistory(t *testing.T) {
	text, err := sample.FS.ReadFile("opportunities.csv")
	if err != nil {
		t.Fatal(err)
	}
	report := closed(t, "-opportunities", write(t, "export.csv", string(text)))
	wantText(t, strings.Join(strings.Fields(report), " "), "The data has no history of stages", "180 days")
	if strings.Contains(report, "HOW THE WHOLE PIPELINE MOVED") {
		t.Error("there is a movement without snapshots")
	}
}
