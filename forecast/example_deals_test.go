package forecast_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
)

// examplePipeline is what a small team has in its CRM in February.
func examplePipeline() []forecast.Deal {
	return []forecast.Deal{
		{ID: "Acme", Owner: "ana", Stage: "Closed Won", Status: forecast.Won, Amount: decimal.New(40_000, 0), Close: on("2026-01-20")},
		{ID: "Brio", Owner: "ana", Stage: "Negotiation", Category: forecast.Commit, Amount: decimal.New(25_000, 0), Close: on("2026-03-15")},
		{ID: "Cleo", Owner: "bo", Stage: "Proposal", Category: forecast.BestCase, Amount: decimal.New(60_000, 0), Close: on("2026-03-31")},
		{ID: "Dune", Owner: "bo", Stage: "Discovery", Amount: decimal.New(90_000, 0), Close: on("2026-05-10")},
		{ID: "Edda", Owner: "bo", Stage: "Discovery", Amount: decimal.New(10_000, 0), Close: on("2026-03-01")},
	}
}

// exampleWeights are the probabilities that the team has agreed on.
func exampleWeights() map[string]decimal.Decimal {
	return map[string]decimal.Decimal{
		"Discovery": decimal.New(10, -2), "Proposal": decimal.New(40, -2), "Negotiation": decimal.New(75, -2),
	}
}

// What will the first quarter bring?
func ExampleSummarize() {
	quarter := salesops.Calendar{}.Period(salesops.Quarter, on("2026-02-01"))
	s, err := forecast.Summarize(examplePipeline(), forecast.Query{Period: quarter, Weight: forecast.ByStage(exampleWeights())})
	if err != nil {
		fmt.Println(err)
		return
	}
	expected, _ := s.Expected()
	fmt.Println("closed   ", s.Closed.Amount.StringFixed(0))
	fmt.Println("open     ", s.Open().Amount.StringFixed(0), "in", s.Open().Deals, "deals")
	fmt.Println("weighted ", s.Open().Weighted.StringFixed(0))
	fmt.Println("expected ", expected.StringFixed(0))
	// Output:
	// closed    40000
	// open      95000 in 3 deals
	// weighted  43750
	// expected  83750
}

// How far do the certain deals take us, and how far the others?
func ExampleSummary_Cumulative() {
	s, err := forecast.Summarize(examplePipeline(), forecast.Query{})
	if err != nil {
		fmt.Println(err)
		return
	}
	c := s.Cumulative()
	fmt.Println("closed       ", c.Closed.Amount.StringFixed(0))
	fmt.Println("commit       ", c.Commit.Amount.StringFixed(0))
	fmt.Println("best case    ", c.BestCase.Amount.StringFixed(0))
	fmt.Println("open pipeline", c.OpenPipeline.Amount.StringFixed(0))
	// Output:
	// closed        40000
	// commit        65000
	// best case     125000
	// open pipeline 185000
}

// Which quarter holds how much, in a fiscal year that starts in February?
func ExampleSummarizeBy() {
	fiscal := salesops.Calendar{FirstMonth: time.February}
	quarters, err := forecast.SummarizeBy(examplePipeline(), forecast.Query{}, func(d forecast.Deal) string {
		return fiscal.Name(salesops.Quarter, d.Close)
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, q := range quarters {
		fmt.Println(q.Key, "closed", q.Summary.Closed.Amount.StringFixed(0), "open", q.Summary.Open().Amount.StringFixed(0))
	}
	// Output:
	// FY2026-Q4 closed 40000 open 0
	// FY2027-Q1 closed 0 open 95000
	// FY2027-Q2 closed 0 open 90000
}

// What is the open pipeline worth to a team that trusts its reps' calls more than its stages?
func ExampleByCategory() {
	calls := forecast.ByCategory(map[forecast.Category]decimal.Decimal{
		forecast.InPipeline: decimal.New(10, -2), forecast.BestCase: decimal.New(35, -2), forecast.MostLikely: decimal.New(60, -2), forecast.Commit: decimal.New(90, -2),
	})
	s, err := forecast.Summarize(examplePipeline(), forecast.Query{Weight: calls})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Open().Weighted.StringFixed(2))
	// Output: 53500.00
}

// What weight has a deal?
func ExampleByStage() {
	weight := forecast.ByStage(exampleWeights())
	for _, deal := range examplePipeline() {
		w, err := weight.Of(deal)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(deal.ID, w.StringFixed(2))
	}
	// Output:
	// Acme 1.00
	// Brio 0.75
	// Cleo 0.40
	// Dune 0.10
	// Edda 0.10
}

// What if large deals are only half as likely as their stage says?
func ExampleByDeal() {
	stages := exampleWeights()
	careful := forecast.ByDeal(func(d forecast.Deal) (decimal.Decimal, bool) {
		weight, ok := stages[d.Stage]
		if d.Amount.GreaterThan(decimal.New(50_000, 0)) {
			weight = weight.Mul(decimal.New(5, -1))
		}
		return weight, ok
	})
	s, err := forecast.Summarize(examplePipeline(), forecast.Query{Weight: careful})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Open().Weighted.StringFixed(0))
	// Output: 36250
}

// What is a pipeline in euros and pounds worth in dollars, at the rates of the plan?
func ExampleConvert() {
	deals := []forecast.Deal{
		{ID: "Ferro", Amount: decimal.New(20_000, 0), Currency: "EUR"},
		{ID: "Grove", Amount: decimal.New(10_000, 0), Currency: "GBP"},
		{ID: "Hale", Amount: decimal.New(5_000, 0), Currency: "USD"},
	}
	plan := map[string]decimal.Decimal{"EUR": decimal.New(108, -2), "GBP": decimal.New(127, -2)}
	converted, err := forecast.Convert(deals, "USD", func(from, _ string, _ salesops.Date) (decimal.Decimal, bool) {
		rate, ok := plan[from]
		return rate, ok
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := forecast.Summarize(converted, forecast.Query{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Currency, s.Open().Amount.StringFixed(2))
	fmt.Println(converted[0].ID, "was", converted[0].FX.From, converted[0].FX.Amount.StringFixed(2))
	// Output:
	// USD 39300.00
	// Ferro was EUR 20000.00
}

// What does the team submit, and how much of it is judgment?
func ExampleRollUp() {
	lines, err := forecast.RollUp([]forecast.Node{
		{ID: "vera", Own: decimal.New(0, 0)},
		{ID: "max", Parent: "vera", Own: decimal.New(10_000, 0)},
		{ID: "ana", Parent: "max", Own: decimal.New(65_000, 0)},
		{ID: "bo", Parent: "max", Own: decimal.New(70_000, 0)},
	}, []forecast.Override{
		{Node: "bo", By: "bo", Amount: decimal.New(75_000, 0), Note: "a renewal is not in the CRM yet"},
		{Node: "bo", By: "max", Amount: decimal.New(50_000, 0), Note: "Cleo slips"},
		{Node: "max", By: "vera", Amount: decimal.New(120_000, 0)},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range lines {
		fmt.Printf("%-4s computed %6s, stands for %6s, submitted %6s, judgment %6s", l.Node,
			l.Computed.StringFixed(0), l.ByOwner.StringFixed(0), l.Submitted.StringFixed(0), l.Judgment.StringFixed(0))
		if l.Prevailing != nil {
			fmt.Print(" by ", l.Prevailing.By)
		}
		fmt.Println()
	}
	// Output:
	// vera computed 145000, stands for 120000, submitted 120000, judgment -25000
	// max  computed 145000, stands for 125000, submitted 120000, judgment -25000 by vera
	// ana  computed  65000, stands for  65000, submitted  65000, judgment      0
	// bo   computed  70000, stands for  75000, submitted  50000, judgment -20000 by max
}

// Why has the pipeline of the quarter changed since last week?
func ExampleCompare() {
	before := forecast.Snapshot{AsOf: on("2026-02-02"), Deals: examplePipeline()}
	now := forecast.Snapshot{AsOf: on("2026-02-09"), Deals: examplePipeline()}
	now.Deals[1].Status, now.Deals[1].Amount = forecast.Won, decimal.New(24_000, 0)
	now.Deals[2].Close = on("2026-04-20")
	now.Deals[3].Close = on("2026-03-30")
	now.Deals = append(now.Deals, forecast.Deal{ID: "Iris", Amount: decimal.New(15_000, 0), Close: on("2026-03-20")})

	b, err := forecast.Compare(before, now, period("2026-01-01", "2026-04-01"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("opening", b.Opening.Amount.StringFixed(0))
	for _, m := range b.Moves {
		fmt.Println(" ", m.ID, m.Cause, m.Amount.StringFixed(0))
	}
	fmt.Println("closing", b.Closing.Amount.StringFixed(0), "net", b.Net().Amount.StringFixed(0))
	// Output:
	// opening 95000
	//   Brio decreased -1000
	//   Brio won -24000
	//   Cleo pushed out -60000
	//   Dune pulled in 90000
	//   Iris new 15000
	// closing 115000 net 20000
}
