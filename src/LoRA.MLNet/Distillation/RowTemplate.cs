using LoRA.MLNet.Tokenization;
using LoRA.MLNet.Tokenization.PostProcessors;

namespace LoRA.MLNet.Distillation;

/// <summary>How the tokens of one text or of two make up a row of a tokenizer's.</summary>
internal sealed class RowTemplate(TemplatePart[] parts)
{
    /// <summary>Special tokens of a row.</summary>
    public int SpecialTokens { get; } = parts.Count(part => part.IsSpecial);

    /// <summary>The row; of a template of one text the second is not used.</summary>
    public TokenIds Row(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        var (ids, types) = (new List<int>(), new List<int>());
        foreach (var part in parts)
        {
            ReadOnlySpan<int> tokens = part.IsSpecial ? [part.Id] : part.Sequence == 0 ? first : second;
            ids.AddRange(tokens);
            types.AddRange(Enumerable.Repeat(part.TypeId, tokens.Length));
        }

        return new TokenIds([.. ids], [.. types], Truncated: false);
    }

    /// <summary>Position of a text's first token, where the first text has so many.</summary>
    public int Start(int text, int firstLength) => parts.TakeWhile(part => part.IsSpecial || part.Sequence != text)
        .Sum(part => part.IsSpecial ? 1 : firstLength);
}
