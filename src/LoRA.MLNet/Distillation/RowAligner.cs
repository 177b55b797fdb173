using LoRA.MLNet.Tokenization;

namespace LoRA.MLNet.Distillation;

/// <summary>Makes rows of whole words that fit both encoders. May be used by many threads.</summary>
/// <param name="student">The student's tokenizer.</param>
/// <param name="teacher">The teacher's tokenizer.</param>
/// <param name="studentLength">Longest row of the student.</param>
/// <param name="teacherLength">Longest row of the teacher.</param>
/// <param name="pairShare">Share of the segments of several sentences that become pairs of texts, cut after a sentence.</param>
internal sealed class RowAligner(
    HuggingFaceTokenizer student, HuggingFaceTokenizer teacher, int studentLength, int teacherLength, double pairShare = 0)
{
    private readonly (RowTemplate Single, RowTemplate Pair) _student = Templates(student);
    private readonly (RowTemplate Single, RowTemplate Pair) _teacher = Templates(teacher);

    /// <summary>The row of a segment; null where the tokenizers have no word in common.</summary>
    public AlignedRow? Read(string segment)
    {
        var (left, right) = (student.EncodeWords(segment), teacher.EncodeWords(segment));
        var words = WordAlignment.Align(left.Words, right.Words);
        if (SecondText(segment, left.Words, words) is { } cut && Fits(left, right, _student.Pair, _teacher.Pair))
        {
            return Row(left, right, words, cut, _student.Pair, _teacher.Pair);
        }

        if (!Fits(left, right, _student.Single, _teacher.Single))
        {
            var (leftRoom, rightRoom) = (studentLength - _student.Single.SpecialTokens, teacherLength - _teacher.Single.SpecialTokens);
            words = [.. words.TakeWhile(word => word.StudentEnd <= leftRoom && word.TeacherEnd <= rightRoom)];
            var (leftEnd, rightEnd) = words.Count == 0 ? (0, 0) : (words[^1].StudentEnd, words[^1].TeacherEnd);
            (left, right) = (left with { Ids = left.Ids[..leftEnd] }, right with { Ids = right.Ids[..rightEnd] });
        }

        return words.Count == 0 ? null : Row(left, right, words, words.Count, _student.Single, _teacher.Single);
    }

    private static (RowTemplate, RowTemplate) Templates(HuggingFaceTokenizer tokenizer) =>
        (new RowTemplate(tokenizer.Template(isPair: false)), new RowTemplate(tokenizer.Template(isPair: true)));

    private bool Fits(WordTokens left, WordTokens right, RowTemplate leftTemplate, RowTemplate rightTemplate) =>
        left.Ids.Length + leftTemplate.SpecialTokens <= studentLength && right.Ids.Length + rightTemplate.SpecialTokens <= teacherLength;

    // the first word of the second text; the segment itself decides, so that it is read alike every time
    private int? SecondText(string segment, WordSpan[] spans, List<AlignedWord> words)
    {
        if (pairShare == 0)
        {
            return null;
        }

        var random = new Random(segment.Aggregate(0, (hash, unit) => unchecked((hash * 486187739) + unit)));
        var ends = spans.Where(span => segment[span.End - 1] is '.' or '!' or '?').Select(span => span.EndToken).ToHashSet();
        var cuts = Enumerable.Range(1, Math.Max(0, words.Count - 1)).Where(word => ends.Contains(words[word].StudentStart)).ToList();
        return random.NextDouble() < pairShare && cuts.Count > 0 ? cuts[random.Next(cuts.Count)] : null;
    }

    private static AlignedRow Row(
        WordTokens left, WordTokens right, List<AlignedWord> words, int cut, RowTemplate leftTemplate, RowTemplate rightTemplate)
    {
        var (leftCut, rightCut) = cut == words.Count ? (left.Ids.Length, right.Ids.Length) : (words[cut].StudentStart, words[cut].TeacherStart);
        var (leftStart, rightStart) = (leftTemplate.Start(0, leftCut), rightTemplate.Start(0, rightCut));
        var (leftSecond, rightSecond) = (leftTemplate.Start(1, leftCut) - leftCut, rightTemplate.Start(1, rightCut) - rightCut);
        return new AlignedRow(
            leftTemplate.Row(left.Ids.AsSpan(0, leftCut), left.Ids.AsSpan(leftCut)),
            rightTemplate.Row(right.Ids.AsSpan(0, rightCut), right.Ids.AsSpan(rightCut)),
            [.. words.Select((word, index) => index < cut ? word.Shift(leftStart, rightStart) : word.Shift(leftSecond, rightSecond))]);
    }
}
