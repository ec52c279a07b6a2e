using Chartroom.Charts;

namespace Chartroom.Import;

/// <summary>Condition, AllergyIntolerance, MedicationRequest and MedicationStatement: the lists that stay in sight. Null: FHIR allows it,
/// but it names nothing that a chart could list.</summary>
internal static class ListReader
{
    public static Entry? Problem(FhirNode condition) => condition.Concept("code") is not { } code ? null : new Entry.Problem
    {
        Code = code,
        Status = condition.StatusConcept<ProblemStatus>("clinicalStatus"),
        Verification = condition.StatusConcept<Verification>("verificationStatus"),
        Categories = condition.Concepts("category"),
        Severity = condition.Concept("severity"),
        BodySites = condition.Concepts("bodySite"),
        Onset = condition.TimeOf("onset"),
        OnsetText = condition.WordsOf("onset"),
        Abated = condition.TimeOf("abatement"),
        AbatedText = condition.WordsOf("abatement"),
        Recorded = condition.Time("recordedDate"),
        By = condition.NamesOf("asserter", "recorder"),
        Comments = condition.Comments(),
    };

    public static Entry? Allergy(FhirNode allergy)
    {
        var reactions = allergy.Many("reaction");
        var code = allergy.Concept("code") ?? reactions.Select(reaction => reaction.Concept("substance")).FirstOrDefault(substance => substance is not null);
        return code is null ? null : new Entry.Allergy
        {
            Code = code,
            Status = allergy.StatusConcept<AllergyStatus>("clinicalStatus"),
            Verification = allergy.StatusConcept<Verification>("verificationStatus"),
            Type = allergy.Text("type"),
            Categories = allergy.Texts("category"),
            Criticality = allergy.Code<Criticality>("criticality"),
            Reactions = [.. reactions.Select(Reaction)],
            Onset = allergy.TimeOf("onset"),
            OnsetText = allergy.WordsOf("onset"),
            LastSeen = allergy.Time("lastOccurrence"),
            Recorded = allergy.Time("recordedDate"),
            By = allergy.NamesOf("asserter", "recorder"),
            Comments = allergy.Comments(),
        };
    }

    private static Reaction Reaction(FhirNode reaction) => new()
    {
        Manifestations = reaction.Concepts("manifestation"),
        Substance = reaction.Concept("substance"),
        Severity = reaction.Text("severity"),
        Text = reaction.Text("description"),
        Onset = reaction.Time("onset"),
    };

    public static Entry? Ordered(FhirNode request) => Drug(request) is not { } drug ? null : new Entry.Medication
    {
        Code = drug,
        Status = request.CodeNeeded<MedicationStatus>("status"),
        Intent = request.Text("intent"),
        IsReported = request.Flag("reportedBoolean") ?? false,
        Dosages = [.. request.Many("dosageInstruction").Select(Dosage)],
        Reasons = [.. request.Concepts("reasonCode"), .. request.ConceptsBehind("reasonReference")],
        Written = request.Time("authoredOn"),
        Start = request.One("dispenseRequest")?.One("validityPeriod")?.Time("start"),
        End = request.One("dispenseRequest")?.One("validityPeriod")?.Time("end"),
        Refills = request.One("dispenseRequest")?.Whole("numberOfRepeatsAllowed"),
        Supply = request.One("dispenseRequest")?.Quantity("quantity"),
        By = request.NamesOf("requester"),
        Comments = request.Comments(),
    };

    public static Entry? Reported(FhirNode statement) => Drug(statement) is not { } drug ? null : new Entry.Medication
    {
        Code = drug,
        Status = statement.CodeNeeded<MedicationStatus>("status"),
        IsReported = true,
        Dosages = [.. statement.Many("dosage").Select(Dosage)],
        Reasons = [.. statement.Concepts("reasonCode"), .. statement.ConceptsBehind("reasonReference")],
        Written = statement.Time("dateAsserted"),
        Start = statement.TimeOf("effective"),
        End = statement.One("effectivePeriod")?.Time("end"),
        By = statement.NamesOf("informationSource"),
        Comments = statement.Comments(),
    };

    /// <summary>The drug by its own words, or those of the Medication it refers to. A drug nobody can name must not look like an empty list:
    /// the file is refused.</summary>
    private static Concept? Drug(FhirNode node)
    {
        if (node.Concept("medicationCodeableConcept") is { } named) return named;
        if (node.One("medicationReference") is not { } reference) return null;
        var followed = reference.Resource.Follow(reference);
        return followed.Node?.Concept("code") ?? (followed.Display is { } words ? new Concept { Text = words } : throw FhirResource.Dangling(reference));
    }

    private static Dosage Dosage(FhirNode dosage)
    {
        var (rate, repeat) = (dosage.Many("doseAndRate") is [var first, ..] ? first : null, dosage.One("timing")?.One("repeat"));
        return new Dosage
        {
            Text = dosage.Text("text"),
            Dose = rate?.Quantity("doseQuantity") ?? rate?.One("doseRange")?.Quantity("low"),
            DoseUpTo = rate?.One("doseRange")?.Quantity("high"),
            Route = dosage.Concept("route"),
            IsAsNeeded = dosage.Flag("asNeededBoolean") ?? dosage.One("asNeededCodeableConcept") is not null,
            Times = repeat?.Whole("frequency"),
            Period = repeat?.Number("period"),
            PeriodUnit = repeat?.Text("periodUnit"),
            Instructions =
            [
                .. dosage.Concepts("additionalInstruction").Select(instruction => instruction.Text),
                .. dosage.Text("patientInstruction") is { } patient ? [patient] : Array.Empty<string>(),
            ],
        };
    }
}
