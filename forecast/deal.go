package forecast

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
)

// Deal is an opportunity as the CRM holds it on some day.
type Deal struct {
	ID    string `json:"id"`              // ID names the deal; unique in a list where deals are told apart.
	Owner string `json:"owner,omitempty"` // Owner is who the deal belongs to: the ID of a rep.
	Stage string `json:"stage,omitempty"` // Stage is the step of the sales process, in the CRM's own words.
	// Status says whether the deal is open. "" is Open.
	Status Status `json:"status,omitempty"`
	// Category is the forecaster's judgement of an open deal. "" is InPipeline. It is not read of deals that are won or lost.
	Category Category `json:"category,omitempty"`
	// Amount is what the deal is worth, in Currency. It may be zero; it may be negative, as a credit note is.
	Amount decimal.Decimal `json:"amount"`
	// Currency is the ISO 4217 code of Amount. Lists of one currency may leave it out everywhere; [Convert] makes such lists.
	Currency string `json:"currency,omitempty"`
	// Created is the day the deal was opened.
	Created salesops.Date `json:"created,omitzero"`
	// Close is the day the deal is expected to close while it is open, and the day it closed afterwards.
	Close salesops.Date `json:"close,omitzero"`
	// FX records the conversion that made Amount; nil: none.
	FX *FX `json:"fx,omitempty"`
}

// Status says whether a deal is open.
type Status string

// The statuses of a deal.
const (
	Open Status = "open" // not decided; "" means the same
	Won  Status = "won"  // sold
	Lost Status = "lost" // not sold, for whatever reason: to a competitor, to no decision, disqualified
)

// Category is the judgement of the person who forecasts, and the column of the forecast that an open deal is counted in.
type Category string

// The categories of open deals, from least to most certain.
const (
	Omitted    Category = "omitted"     // left out of the forecast
	InPipeline Category = "pipeline"    // may close later or not at all; "" means the same
	BestCase   Category = "best case"   // closes if all goes well
	MostLikely Category = "most likely" // is expected to close
	Commit     Category = "commit"      // will close; the rep stands for it
)
