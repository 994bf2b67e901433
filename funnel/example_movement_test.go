package funnel_test

import (
	"fmt"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/funnel"
)

// What happened to the pipeline of the quarter this week, and whose was it?
func ExampleCompare() {
	quarter := period("2026-04-01", "2026-07-01")
	monday := []funnel.Position{
		{ID: "Acme", Amount: d("40000"), Due: on("2026-05-20"), Group: "Ana"},
		{ID: "Bolt", Amount: d("25000"), Due: on("2026-06-12"), Group: "Ana"},
		{ID: "Coro", Amount: d("60000"), Due: on("2026-06-30"), Group: "Bo"},
		{ID: "Dune", Amount: d("18000"), Due: on("2026-08-15"), Group: "Bo"},
		{ID: "Echo", Amount: d("9000"), Due: on("2026-05-05"), Group: "Bo"},
	}
	friday := []funnel.Position{
		{ID: "Acme", Amount: d("36000"), Due: on("2026-05-14"), Group: "Ana", Status: funnel.Won},
		{ID: "Bolt", Amount: d("30000"), Due: on("2026-06-12"), Group: "Bo"},                     // Ana handed it over, and it grew
		{ID: "Coro", Amount: d("60000"), Due: on("2026-07-10"), Group: "Bo"},                     // slips
		{ID: "Dune", Amount: d("18000"), Due: on("2026-06-25"), Group: "Bo"},                     // comes earlier
		{ID: "Fuji", Amount: d("5000"), Due: on("2026-05-15"), Group: "Ana", Status: funnel.Won}, // came and was won
	} // and somebody deleted Echo

	w, err := funnel.Compare(quarter, monday, friday)
	if err != nil {
		fmt.Println(err)
		return
	}
	row := func(name string, part func(m funnel.Movement) funnel.Part) {
		fmt.Printf("%-16s", name)
		for _, m := range []funnel.Movement{w.Total, w.Groups[0].Movement, w.Groups[1].Movement} {
			fmt.Printf("%8s", part(m).Amount.StringFixed(0))
		}
		fmt.Println()
	}
	fmt.Printf("%-16s%8s%8s%8s\n", "", "total", w.Groups[0].Group, w.Groups[1].Group)
	row("start", func(m funnel.Movement) funnel.Part { return m.Start })
	row("+ created", func(m funnel.Movement) funnel.Part { return m.Created })
	row("+ pulled in", func(m funnel.Movement) funnel.Part { return m.PulledIn })
	row("+ transferred in", func(m funnel.Movement) funnel.Part { return m.TransferredIn })
	row("+ increased", func(m funnel.Movement) funnel.Part { return m.Increased })
	row("- decreased", func(m funnel.Movement) funnel.Part { return m.Decreased })
	row("- pushed out", func(m funnel.Movement) funnel.Part { return m.PushedOut })
	row("- won", func(m funnel.Movement) funnel.Part { return m.Won })
	row("- removed", func(m funnel.Movement) funnel.Part { return m.Removed })
	row("- transferred", func(m funnel.Movement) funnel.Part { return m.TransferredOut })
	row("= end", func(m funnel.Movement) funnel.Part { return m.End })

	for _, c := range w.Changes {
		fmt.Printf("%s: %s at %s, %s at %s\n", c.ID, c.Entry, c.EntryAmount.StringFixed(0), c.Exit, c.ExitAmount.StringFixed(0))
	}
	// Output:
	//                    total     Ana      Bo
	// start             134000   65000   69000
	// + created           5000    5000       0
	// + pulled in        18000       0   18000
	// + transferred in   25000       0   25000
	// + increased         5000       0    5000
	// - decreased         4000    4000       0
	// - pushed out       60000       0   60000
	// - won              41000   41000       0
	// - removed           9000       0    9000
	// - transferred      25000   25000       0
	// = end              48000       0   48000
	// Acme: start at 40000, won at 36000
	// Bolt: start at 25000, open at 30000
	// Coro: start at 60000, pushed out at 60000
	// Dune: pulled in at 18000, open at 18000
	// Echo: start at 9000, removed at 9000
	// Fuji: created at 5000, won at 5000
}

// Was this deal won out of the pipeline of the quarter, and did it shrink on the way?
func ExampleClassify() {
	before := funnel.Position{ID: "Acme", Amount: d("40000"), Due: on("2026-07-20")}
	after := funnel.Position{ID: "Acme", Amount: d("36000"), Due: on("2026-06-30"), Status: funnel.Won}

	c, err := funnel.Classify(period("2026-04-01", "2026-07-01"), &before, &after)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s at %s, %s at %s\n", c.Entry, c.EntryAmount.StringFixed(0), c.Exit, c.ExitAmount.StringFixed(0))
	// Output:
	// pulled in at 40000, won at 36000
}

// A region is the sum of its teams, which count for themselves and send what they counted.
func ExampleMovement_Merge() {
	team := func(deals ...[2]*funnel.Position) []byte {
		var m funnel.Movement
		for _, deal := range deals {
			c, err := funnel.Classify(period("2026-04-01", "2026-07-01"), deal[0], deal[1])
			if err == nil {
				err = m.Add(c)
			}
			if err != nil {
				fmt.Println(err)
			}
		}
		data, err := m.MarshalBinary()
		if err != nil {
			fmt.Println(err)
		}
		return data
	}
	position := func(id, amount string, status funnel.Exit) *funnel.Position {
		return &funnel.Position{ID: id, Amount: d(amount), Due: on("2026-05-20"), Status: status, Currency: "EUR"}
	}
	north := team([2]*funnel.Position{position("Acme", "40000", ""), position("Acme", "36000", funnel.Won)})
	south := team([2]*funnel.Position{position("Bolt", "25000", ""), position("Bolt", "25000", "")}, [2]*funnel.Position{nil, position("Coro", "7000", "")})

	var region funnel.Movement
	for _, data := range [][]byte{north, south} {
		var m funnel.Movement
		if err := m.UnmarshalBinary(data); err != nil {
			fmt.Println(err)
			return
		}
		if err := region.Merge(&m); err != nil {
			fmt.Println(err)
			return
		}
	}
	for _, part := range []struct {
		name string
		funnel.Part
	}{{"start", region.Start}, {"created", region.Created}, {"decreased", region.Decreased}, {"won", region.Won}, {"end", region.End}} {
		fmt.Printf("%-9s %d %6s %s\n", part.name, part.Count, part.Amount.StringFixed(0), region.Currency)
	}
	// Output:
	// start     2  65000 EUR
	// created   1   7000 EUR
	// decreased 1   4000 EUR
	// won       1  36000 EUR
	// end       2  32000 EUR
}

// What did one owner's pipeline do, if deals are handed over?
func ExampleChange_Split() {
	before := funnel.Position{ID: "Bolt", Amount: d("25000"), Group: "Ana"}
	after := funnel.Position{ID: "Bolt", Amount: d("30000"), Group: "Bo", Status: funnel.Won}
	c, err := funnel.Classify(salesops.Period{}, &before, &after)
	if err != nil {
		fmt.Println(err)
		return
	}
	ana, bo := c.Split()
	for _, c := range []funnel.Change{ana, bo} {
		fmt.Printf("%s: %s at %s, %s at %s\n", c.EntryGroup, c.Entry, c.EntryAmount.StringFixed(0), c.Exit, c.ExitAmount.StringFixed(0))
	}
	// Output:
	// Ana: start at 25000, transferred out at 25000
	// Bo: transferred in at 25000, won at 30000
}

// Does a published waterfall add up? This one, of a vendor's help page and in thousands, ends with 42.
func ExampleMovement_Balance() {
	m := funnel.Movement{
		Start: funnel.Part{Amount: d("19")}, Created: funnel.Part{Amount: d("417")}, Increased: funnel.Part{Amount: d("5")},
		PushedOut: funnel.Part{Amount: d("140")}, Lost: funnel.Part{Amount: d("158")}, Won: funnel.Part{Amount: d("96")},
		End: funnel.Part{Amount: d("42")},
	}
	fmt.Println("missing:", m.Balance().Amount.StringFixed(0))
	// Output:
	// missing: 5
}
