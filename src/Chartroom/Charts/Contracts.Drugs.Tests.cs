namespace Chartroom.Charts;

public sealed class DrugNamesTests
{
    [Theory]
    [InlineData("Penicillin V", "Amoxicillin 500 mg capsule", AllergyMatch.Class, "penicillins")]
    [InlineData("penicillins", "Augmentin 875", AllergyMatch.Class, "penicillins")]
    [InlineData("Amoxil", "amoxicillin-clavulanate", AllergyMatch.Ingredient, "amoxicillin")]              // a brand, and a part of a combination
    [InlineData("Penicillin", "Keflex 250 mg", AllergyMatch.Cross, "penicillins")]
    [InlineData("cephalexin", "Amoxicillin", AllergyMatch.Cross, "cephalosporins")]                        // and the other way round
    [InlineData("Sulfa drugs", "Bactrim DS", AllergyMatch.Class, "sulfonamide antibiotics")]
    [InlineData("Sulfonamide", "Celecoxib 100 mg", AllergyMatch.Cross, "sulfonamide antibiotics")]
    [InlineData("Aspirin", "Ibuprofen 400 mg", AllergyMatch.Class, "nsaids")]
    [InlineData("NSAIDs", "Aleve", AllergyMatch.Class, "nsaids")]
    [InlineData("Acetaminophen", "Percocet 5/325", AllergyMatch.Ingredient, "acetaminophen")]              // what a brand holds besides
    [InlineData("Tylenol", "paracetamol 500 mg", AllergyMatch.Ingredient, "acetaminophen")]
    [InlineData("Trimethoprim", "Sulfamethoxazole 800 MG / Trimethoprim 160 MG Oral Tablet", AllergyMatch.Ingredient, "trimethoprim")]
    [InlineData("PCN", "Amoxil 500 mg", AllergyMatch.Class, "penicillins"), InlineData("Sulfa", "SMZ-TMP DS", AllergyMatch.Class, "sulfonamide antibiotics")]   // as they are written in the US
    [InlineData("TMP/SMX", "Bactrim DS", AllergyMatch.Ingredient, "sulfamethoxazole"), InlineData("SMX-TMP", "co-trimoxazole", AllergyMatch.Ingredient, "sulfamethoxazole")]
    [InlineData("Codeine", "Tylenol #3", AllergyMatch.Ingredient, "codeine"), InlineData("ASA", "Ibuprofen", AllergyMatch.Class, "nsaids")]
    [InlineData("Lisinopril", "Losartan", AllergyMatch.Cross, "ace inhibitors")]
    [InlineData("Salmeterol", "Advair 250/50", AllergyMatch.Ingredient, "salmeterol")]
    [InlineData("Samplomycin", "Samplomycin 10 MG Oral Tablet", AllergyMatch.Ingredient, null)]             // unknown to us, but of one name
    public void A_drug_meets_an_allergy_by_ingredient_brand_class_or_across_classes(string allergy, string drug, AllergyMatch match, string? allergen) =>
        Assert.Equal((match, allergen), DrugNames.Between(allergy, drug) is { } warning ? (warning.Match, warning.Allergen) : default);

    [Theory]
    [InlineData("Penicillin", "Azithromycin"), InlineData("Latex", "Ibuprofen"), InlineData("Sulfa", "Furosemide"), InlineData("Sulfa", "Ferrous sulfate")]
    [InlineData("No known drug allergies", "Amoxicillin"), InlineData("Peanut", "Amoxicillin"), InlineData("", "Amoxicillin"), InlineData("Ibuprofen", "Acetaminophen")]
    public void Where_nothing_is_known_nothing_is_said(string allergy, string drug) => Assert.Null(DrugNames.Between(allergy, drug));

    [Fact]
    public void The_scribe_and_the_chart_read_one_list()
    {
        Assert.Superset(new HashSet<string> { "penicillin", "amoxicillin", "amoxicillin clavulanate", "ampicillin" }, DrugNames.Avoided("penicillin").ToHashSet());
        Assert.Equal("acetaminophen", Scribe.Language.ClinicalWords.Shared.Drugs["tylenol"]);
    }
}
