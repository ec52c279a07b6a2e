using System.Security.Cryptography;
using System.Text;

namespace Chartroom.Assist;

public sealed class PromptTests
{
    // What a draft names as its prompt is this text and this form. When they change, so does the version; the old pair stays here.
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal) { ["visit-note 1"] = "062209f46d820cf4", ["chart-summary 1"] = "7353e486d82ab498" };

    [Fact]
    public void AI_5_A_version_of_the_prompt_means_one_text_and_one_form()
    {
        foreach (var prompt in new[] { Prompt.Note, Prompt.Summary })
        {
            var all = prompt.Instructions.ReplaceLineEndings("\n") + "\n" + Prompt.Schema(["A", "B"]).GetRawText();

            Assert.Equal((prompt.Version, Known[prompt.Version]), (prompt.Version, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16]));
        }
    }
}
