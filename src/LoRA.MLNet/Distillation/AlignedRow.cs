using LoRA.MLNet.Tokenization;

namespace LoRA.MLNet.Distillation;

/// <summary>One segment as student and teacher read it.</summary>
/// <param name="Student">The student's tokens, special tokens included.</param>
/// <param name="Teacher">The teacher's tokens, special tokens included.</param>
/// <param name="Words">Words in both, as positions of the rows; at least one.</param>
internal sealed record AlignedRow(TokenIds Student, TokenIds Teacher, AlignedWord[] Words);
