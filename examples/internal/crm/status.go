package crm

import (
	"strings"

	"github.com/shopspring/decimal"
)

// status tells how an opportunity stands, by the surest sign there is:
// Options.Stages, then the status column, then the flags won and closed, then
// the probability and the name of the stage together. Where signs contradict
// each other the row is bad; nothing is guessed.
func (r *exportReader) status(rec []string) (Status, field, string) {
	stage := r.cell(rec, fieldStage)
	if len(r.stages) > 0 {
		if st, ok := r.stages[strings.ToLower(stage)]; ok {
			return st, fieldStage, ""
		}
	}
	if r.at[fieldStatus] >= 0 {
		switch text := r.cell(rec, fieldStatus); {
		case strings.EqualFold(text, "won"):
			return Won, fieldStatus, ""
		case strings.EqualFold(text, "lost"):
			return Lost, fieldStatus, ""
		case strings.EqualFold(text, "open"):
			return Open, fieldStatus, ""
		}
		return Open, fieldStatus, "not a status: Open, Won or Lost; leave deleted and archived deals out of the export"
	}
	for _, f := range [...]field{fieldWon, fieldLost, fieldIsClosed} {
		if _, ok := flag(r.cell(rec, f)); !ok {
			return Open, f, "not a flag: true or false"
		}
	}
	won, _ := flag(r.cell(rec, fieldWon))
	lost, _ := flag(r.cell(rec, fieldLost))
	closed, _ := flag(r.cell(rec, fieldIsClosed))
	byName, word := stageStatus(stage)
	switch {
	case won && lost:
		return Open, fieldWon, "both won and lost: correct the record"
	case won && word && byName == Lost:
		return Open, fieldStage, "the flags say won and the stage says lost: correct the record"
	case won:
		return Won, fieldWon, ""
	case lost:
		return Lost, fieldLost, ""
	case closed && r.at[fieldWon] >= 0:
		return Lost, fieldIsClosed, "" // closed and not won
	case r.at[fieldWon] >= 0 && (r.at[fieldIsClosed] >= 0 || r.at[fieldLost] >= 0):
		return Open, fieldStage, ""
	case r.at[fieldWon] >= 0 && word && byName == Won:
		return Open, fieldStage, "the stage says won and the flag does not: correct the record"
	}
	return r.statusByStage(rec, stage, byName, word)
}

// statusByStage tells the status by the stage's name, checked against the
// probability when there is one: closed stages have 0 or 100 percent.
func (r *exportReader) statusByStage(rec []string, stage string, byName Status, word bool) (Status, field, string) {
	certain, impossible, known := r.probability(rec)
	switch {
	case word && byName == Won && known && !certain:
		return Open, fieldStage, "the stage says won but the probability is not 100 %: export the flags IsWon and IsClosed, or name the stage in Options.Stages"
	case word && byName == Lost && known && !impossible:
		return Open, fieldStage, "the stage says lost but the probability is not 0 %: export the flags IsWon and IsClosed, or name the stage in Options.Stages"
	case word:
		return byName, fieldStage, ""
	case strings.HasPrefix(strings.ToLower(stage), "closed"):
		if known && certain {
			return Won, fieldStage, ""
		}
		if known && impossible {
			return Lost, fieldStage, ""
		}
		return Open, fieldStage, "closed, but won or lost? export the flags IsWon and IsClosed, or name the stage in Options.Stages"
	case stage == "" && r.at[fieldStage] >= 0:
		return Open, fieldStage, "no stage: fill it in"
	}
	return Open, fieldStage, ""
}

// probability reads the probability column. HubSpot writes it from 0 to 1, the
// others from 0 to 100.
func (r *exportReader) probability(rec []string) (certain, impossible, known bool) {
	text := strings.TrimRight(strings.TrimSuffix(r.cell(rec, fieldProbability), "%"), " ")
	whole, frac, _ := strings.Cut(text, ".")
	if text == "" || strings.Trim(frac, "0") != "" {
		return false, false, text != ""
	}
	return whole == "100" || whole == "1" && r.system == HubSpot, whole == "0", true
}

// chance reads the probability column as a number from 0 to 1, nil if it is none.
func (r *exportReader) chance(rec []string) *decimal.Decimal {
	const most = 12 // characters: longer ones are no probabilities
	text, percent := strings.CutSuffix(r.cell(rec, fieldProbability), "%")
	if text = strings.TrimSpace(text); len(text) > most || strings.ContainsAny(text, "eE") {
		return nil
	}
	p, err := decimal.NewFromString(text)
	if err != nil {
		return nil
	}
	if r.system != HubSpot || percent {
		p = p.Shift(-2)
	}
	if p.IsNegative() || p.GreaterThan(decimal.New(1, 0)) {
		return nil
	}
	return &p
}

// stageStatus looks for the words won and lost in the name of a stage; word is
// false when neither is there. The pipeline that HubSpot adds in parentheses is
// left out.
func stageStatus(stage string) (st Status, word bool) {
	if i := strings.LastIndexByte(stage, '('); i > 0 && strings.HasSuffix(stage, ")") {
		stage = stage[:i]
	}
	for w := range strings.FieldsFuncSeq(stage, func(c rune) bool { return c < 'A' || c > 'z' || c > 'Z' && c < 'a' }) {
		switch {
		case strings.EqualFold(w, "won"), strings.EqualFold(w, "closedwon"):
			return Won, true
		case strings.EqualFold(w, "lost"), strings.EqualFold(w, "closedlost"):
			return Lost, true
		}
	}
	return Open, false
}

// flag reads true and false as the systems write them; empty is false.
func flag(s string) (value, ok bool) {
	switch len(s) {
	case 0:
		return false, true
	case 1:
		return s == "1", s == "0" || s == "1"
	}
	switch {
	case strings.EqualFold(s, "true"), strings.EqualFold(s, "yes"):
		return true, true
	case strings.EqualFold(s, "false"), strings.EqualFold(s, "no"):
		return false, true
	}
	return false, false
}
