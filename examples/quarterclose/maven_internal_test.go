package main

import (
	"encoding/csv"
	"math/big"
	"os"
	"path/filepath"
	"testing"

	"github.com/salesops-go/salesops/internal/testenv"
)

// mavenRows reads a file of the data set into rows by column.
func mavenRows(t *testing.T, dir, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, rec := range records[1:] {
		row := map[string]string{}
		for i, h := range records[0] {
			row[h] = rec[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// defaultPay is the default plan by hand: 6 % up to 75,000, 9 % up to 150,000 and
// 12 % above, of what was won in a quarter.
func defaultPay(won *big.Rat) *big.Rat {
	pay := new(big.Rat)
	for _, band := range [][2]int64{{0, 6}, {75_000, 3}, {150_000, 3}} { // each adds to the rate
		if over := new(big.Rat).Sub(won, big.NewRat(band[0], 1)); over.Sign() > 0 {
			pay.Add(pay, over.Mul(over, big.NewRat(band[1], 100)))
		}
	}
	return pay
}

// The report on the Maven data set equals a recomputation from its files that
// shares no code with it.
func TestMaven(t *testing.T) {
	dir := testenv.Data(t, "crm/maven")
	pipeline := mavenRows(t, dir, "sales_pipeline.csv")
	manager := map[string]string{}
	for _, row := range mavenRows(t, dir, "sales_teams.csv") {
		manager[row["sales_agent"]] = row["manager"]
	}
	ends := map[string][2]string{
		"FY2017-Q1": {"2017-01-01", "2017-03-31"}, "FY2017-Q2": {"2017-04-01", "2017-06-30"},
		"FY2017-Q3": {"2017-07-01", "2017-09-30"}, "FY2017-Q4": {"2017-10-01", "2017-12-31"},
	}
	for quarter, end := range ends {
		won, count := map[string]*big.Rat{}, map[string]int64{}
		for _, row := range pipeline {
			if day := row["close_date"]; row["deal_stage"] != "Won" || day < end[0] || day > end[1] {
				continue
			}
			agent := row["sales_agent"]
			if won[agent] == nil {
				won[agent] = new(big.Rat)
			}
			won[agent].Add(won[agent], rat(t, row["close_value"]))
			count[agent]++
		}
		total, pay, deals := new(big.Rat), new(big.Rat), int64(0)
		teamWon, teamPay := map[string]*big.Rat{}, map[string]*big.Rat{}
		for agent, v := range won {
			total.Add(total, v)
			pay.Add(pay, defaultPay(v))
			deals += count[agent]
			m := manager[agent]
			if teamWon[m] == nil {
				teamWon[m], teamPay[m] = new(big.Rat), new(big.Rat)
			}
			teamWon[m].Add(teamWon[m], v)
			teamPay[m].Add(teamPay[m], defaultPay(v))
		}

		report := closed(t, "-opportunities", dir, "-quarter", quarter)
		check := func(what, got string, want *big.Rat) {
			t.Helper()
			if rat(t, got).Cmp(want) != 0 {
				t.Errorf("%s, %s: %s, want %s", quarter, what, got, want.FloatString(2))
			}
		}
		rows, _ := printed(t, report, "What everybody sold")
		for _, row := range rows[:len(rows)-1] {
			agent := row["Person"]
			if won[agent] == nil {
				t.Errorf("%s: %s sold nothing", quarter, agent)
				continue
			}
			check(agent, row["Credits"], won[agent])
			check(agent, row["Payable now"], defaultPay(won[agent]))
			check(agent, row["Deals"], big.NewRat(count[agent], 1))
		}
		if len(rows)-1 != len(won) {
			t.Errorf("%s: %d agents, want %d", quarter, len(rows)-1, len(won))
		}
		last := rows[len(rows)-1]
		check("credits", last["Credits"], total)
		check("payable", last["Payable now"], pay)
		check("deals", last["Deals"], big.NewRat(deals, 1))
		t.Logf("%s: %d deals, %s won, %s commission", quarter, deals, total.FloatString(2), pay.FloatString(2))

		teams, _ := printed(t, report, "Teams")
		if len(teams) != 7 {
			t.Errorf("%s: %d rows of teams, want 6 and the total", quarter, len(teams))
		}
		for _, row := range teams[:len(teams)-1] {
			check(row["Manager"], row["Credits"], teamWon[row["Manager"]])
			check(row["Manager"], row["Payable now"], teamPay[row["Manager"]])
		}
		check("teams", teams[len(teams)-1]["Credits"], total)
		check("teams", teams[len(teams)-1]["Payable now"], pay)
		wantText(t, report, "rows read 8,927 = rows used 8,927 + rows skipped 0")
	}
}
